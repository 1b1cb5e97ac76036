"""What the network says about itself: its page and its numbered rules."""
