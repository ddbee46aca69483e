"""The numbers set by hand for the generators, each with its unit and its reason. Limits of safety are among them."""

# A model in this process

EMBEDDED_CONTEXT = 8192  # tokens, as many as the embedded model was trained for
# A prompt is evaluated in blocks of so many tokens, and only whole blocks of the last prompt are used again. So each token
# stands in the same batch whatever was asked before: no kernel that rounds otherwise for other batches can change a draft.
BLOCK = 64
REPEAT_PENALTY = 1.1  # what a repeated token's odds are divided by; small models go round in circles without
LONGEST_PIECE = 512  # bytes of one token's text

# One model, many askers

PLACES = 8  # askers who may stand in line; more would wait longer than they have patience
PATIENCE = 60.0  # seconds that one of them waits for its turn
STOPPING = 5.0  # seconds that a process that ends waits for the thread

# A model at a server

CONNECTING = 5.0  # seconds until a server counts as not reached
LONGEST_EVENT = 1 << 20  # bytes of an event or of a refusal; a server may send a line without end
REFUSAL_BLOCK = 4096  # bytes in which a refusal is read
LONGEST_REASON = 200  # characters of what a server says that an error repeats
