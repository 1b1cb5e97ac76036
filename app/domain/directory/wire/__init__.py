"""The directory on the wire: which objects leave the house and in which form, kept ready, and read for the public interface."""
