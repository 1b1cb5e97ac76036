"""What mentors learn: the lessons, who has gone through them, until when a training holds."""
