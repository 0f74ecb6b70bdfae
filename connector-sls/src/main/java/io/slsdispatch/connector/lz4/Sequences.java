package io.slsdispatch.connector.lz4;

/**
 * Walks the sequences of a valid LZ4 block: each some literals, then a match, which repeats earlier bytes. The last one
 * has no match. Positions are those in what the block holds, indexes those in the block. One thread at a time.
 */
final class Sequences {

    static final int MIN_MATCH = 4;

    /** A length in a token that says that more follows. */
    static final int LONG = 15;

    private byte[] block = new byte[0];
    private int blockEnd;

    private int index;
    private int nextIndex;
    private int begin;
    private int matchBegin;
    private int end;
    private int distance;

    /** Begins with the block that lies between two indexes of an array, at its first sequence. */
    void reset(byte[] array, int from, int to) {
        block = array;
        blockEnd = to;
        nextIndex = from;
        end = 0;
        next();
    }

    /** Whether this is not the last sequence. */
    boolean hasNext() {
        return nextIndex < blockEnd;
    }

    /** Moves to the next sequence. */
    void next() {
        index = nextIndex;
        begin = end;
        int in = index;
        int token = block[in++] & 0xff;
        int literals = token >>> 4;
        if (literals == LONG) {
            int more;
            do {
                more = block[in++] & 0xff;
                literals += more;
            } while (more == 0xff);
        }
        in += literals;
        matchBegin = begin + literals;
        if (in >= blockEnd) {
            distance = 0;
            end = matchBegin;
        } else {
            distance = (block[in] & 0xff) | (block[in + 1] & 0xff) << 8;
            in += 2;
            int length = token & LONG;
            if (length == LONG) {
                int more;
                do {
                    more = block[in++] & 0xff;
                    length += more;
                } while (more == 0xff);
            }
            end = matchBegin + length + MIN_MATCH;
        }
        nextIndex = in;
    }

    /**
     * Passes over sequences, from this one on, whose matches repeat nothing from before a position, and which end before
     * another one. Does the same as looking at each of them, several times as fast: most of the time goes here.
     */
    void skipWhile(int repeatingFrom, int endingBefore) {
        byte[] bytes = block;
        int last = blockEnd;
        int in = index;
        int position = begin;
        while (true) {
            int token = bytes[in] & 0xff;
            int at = in + 1;
            int length = token >>> 4;
            if (length == LONG) {
                int more;
                do {
                    more = bytes[at++] & 0xff;
                    length += more;
                } while (more == 0xff);
            }
            at += length;
            int match = position + length;
            if (at >= last || match > endingBefore) {
                break;
            }
            int back = (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
            at += 2;
            length = token & LONG;
            if (length == LONG) {
                int more;
                do {
                    more = bytes[at++] & 0xff;
                    length += more;
                } while (more == 0xff);
            }
            int after = match + length + MIN_MATCH;
            if (after > endingBefore || match - back < repeatingFrom) {
                break;
            }
            in = at;
            position = after;
        }
        if (in > index) {
            nextIndex = in;
            end = position;
            next();
        }
    }

    /** Where the sequence is in the block. */
    int index() {
        return index;
    }

    /** Where its literals begin. */
    int begin() {
        return begin;
    }

    /** Where its match begins. */
    int matchBegin() {
        return matchBegin;
    }

    /** Where its match ends. */
    int end() {
        return end;
    }

    /** How far before itself the match repeats; 0 when there is none. */
    int distance() {
        return distance;
    }
}
