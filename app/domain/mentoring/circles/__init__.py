"""Circles: one or two mentors and three to eight people around an activity, from the plan to the goodbye."""
