"""Coming into mentoring: asking for a mentor, offering to be one, and how a network looks at who offers."""
