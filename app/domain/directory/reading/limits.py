"""Every limit of the readers, each with the sentence that is shown when it is reached."""

from app.core.i18n import N_

MB = 1024 * 1024

# A list of 100,000 services is about 300 MB of JSON; ten times that is no service directory any more.
MAX_FILE_BYTES = 3_000 * MB
FILE_TOO_BIG = N_("The file %(file)s is larger than %(limit)s MB. Please send it in parts.")

MAX_FILES = 2_000
TOO_MANY_FILES = N_("There are more than %(limit)s files in it. A directory of services has far fewer.")

# Text packs at 3 to 20 times; 200 leaves room for very repetitive tables and stops bombs.
MAX_RATIO = 200
RATIO_FLOOR = 1 * MB
RATIO_TOO_HIGH = N_("The file %(file)s in it would become more than %(limit)s times larger when unpacked, so we do not open it.")

BAD_MEMBER = N_("The packed file holds something that could write outside its folder (%(file)s), so we do not open it.")
NESTED_ARCHIVE = N_("There is a packed file inside the packed file (%(file)s). Please unpack it first.")
LOCKED_ARCHIVE = N_("The packed file is locked with a password (%(file)s). Please send it without one.")

# One service with everything nested is 25 kB in the standard's own example.
MAX_RECORD_CHARS = 4 * MB
RECORD_TOO_BIG = N_("One record is longer than %(limit)s million characters, and nothing after it was read.")

MAX_LINE_CHARS = 2 * MB
LINE_TOO_LONG = N_("This line is longer than %(limit)s million characters and was left out.")

MAX_CELL_CHARS = 500_000
CELL_TOO_LONG = N_("A cell that starts near here never ends, perhaps because a closing quote is missing.")

MAX_COLUMNS = 500
TOO_MANY_COLUMNS = N_("The table has more than %(limit)s columns, so it is probably not a table of services.")

# The longest description in the sets we know has 4,000 characters.
MAX_TEXT_CHARS = 20_000
MAX_NAME_CHARS = 500
TEXT_CUT = N_("The text in %(field)s was cut after %(limit)s characters.")

MAX_ID_CHARS = 200
ID_TOO_LONG = N_("The id is longer than %(limit)s characters.")

# HSDS nests service > service_at_location > location > phone > language > attribute > term: seven.
MAX_DEPTH = 12
TOO_DEEP = N_("The record is nested deeper than %(limit)s levels.")

# Sub-objects of one kind in one record (phones of a service …).
MAX_CHILDREN = 1_000
TOO_MANY_CHILDREN = N_("Only the first %(limit)s entries of %(field)s were kept.")

# Notes that travel with one item, and unknown field names that are named for a whole source.
MAX_NOTES = 50
