"""Rounds: who is proposed to whom, who says yes, how they meet first, and how it ends."""
