"""Looking after the mentors: who is overdue, carries much or would like to talk; never a word of any talk."""
