"""Mentoring: who fits whom (rules), who is matched (an exact assignment), how fair that is, and why, in words."""
