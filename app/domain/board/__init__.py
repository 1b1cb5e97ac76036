"""The help board of a group: asking, offering, taking, done."""
