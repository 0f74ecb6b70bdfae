package io.slsdispatch.connector.wire;

import org.apache.flink.annotation.Internal;

/**
 * Cuts an LZ4 block into blocks that hold slices of it, most of them without compressing anything again: the sequences of
 * a slice are copied as they are, in runs. A match that repeats bytes from before its slice, or that crosses an end of
 * it, is replaced by literals as far as it must be. Most of those matches are at the beginning, so the first bytes of a
 * slice are compressed anew. A match reaches back 64 KiB; all that is further from the beginning is copied.
 *
 * <p>Measured on web access logs, slices of 250 KB: 0.24 ms per MB instead of 0.83 for compressing them, and 1.3 % more
 * bytes. Slices of 64 KB: 0.45 ms and 5 %.
 *
 * <p>The blocks made are as the format asks: the last five bytes are literals, and no match begins in the last twelve.
 *
 * <p>One thread at a time.
 */
@Internal
public final class BlockSlicer {

    /** How much of a slice is compressed anew: more takes longer, and makes smaller blocks. */
    private static final int HEAD_BYTES = 16 * 1024;

    /** The last match must begin this far from the end of what a block holds. */
    private static final int MATCH_MARGIN = 12;

    /** The last bytes of what a block holds, which must be literals. */
    private static final int LAST_LITERALS = 5;

    private final Sequences sequences = new Sequences();
    private final Sequences head = new Sequences();
    private byte[] block = new byte[0];
    private byte[] raw = block;
    private int sliced;
    private byte[] out = block;
    private int outEnd;

    /**
     * Begins with a block.
     *
     * @param block a whole and valid block, from 0 to {@code length}; it must not change until all slices are cut
     * @param raw what it holds, from 0 on; nor must this
     */
    public void reset(byte[] block, int length, byte[] raw) {
        this.block = block;
        this.raw = raw;
        this.sliced = 0;
        sequences.reset(block, 0, length);
    }

    /**
     * Cuts the next slice. Slices must be asked for from first to last, and must not overlap.
     *
     * @param from where the slice begins in what the block holds
     * @param to where it ends
     * @param into takes the slice's block; needs room for {@link Lz4#maxLength} bytes
     * @param index where in {@code into}
     * @return the length of the slice's block
     */
    public int slice(int from, int to, byte[] into, int index) {
        if (from < sliced || to < from) {
            throw new IllegalArgumentException("slice from " + from + " to " + to + " after one to " + sliced);
        }
        sliced = to;
        out = into;
        outEnd = index;
        // Up to here all is written; what follows next are literals.
        int written = writeHead(from, to);
        while (sequences.end() <= written && sequences.hasNext()) {
            sequences.next();
        }
        while (true) {
            if (sequences.begin() == written) {
                copyRun(from, to - MATCH_MARGIN);
                written = sequences.begin();
            }
            int matchBegin = Math.max(Math.max(sequences.matchBegin(), written), from + sequences.distance());
            int matchEnd = Math.min(sequences.end(), to - LAST_LITERALS);
            if (sequences.distance() > 0
                    && matchBegin <= to - MATCH_MARGIN
                    && matchEnd - matchBegin >= Sequences.MIN_MATCH) {
                writeSequence(written, matchBegin, matchEnd);
                written = matchEnd;
            }
            if (sequences.end() >= to) {
                break;
            }
            sequences.next();
        }
        writeLiterals(written, to);
        return outEnd - index;
    }

    /**
     * Compresses the beginning of a slice, up to its last match: the literals after that are written with what follows.
     *
     * @return where the last match ends
     */
    private int writeHead(int from, int to) {
        int length = Math.min(HEAD_BYTES, to - from);
        int start = outEnd;
        int end = start + Lz4.compress(raw, from, length, out, start);
        head.reset(out, start, end);
        while (head.hasNext()) {
            head.next();
        }
        outEnd = head.index();
        return from + head.begin();
    }

    /** Copies sequences as long as they are good as they are. */
    private void copyRun(int from, int limit) {
        int first = sequences.index();
        sequences.skipWhile(from, limit);
        int length = sequences.index() - first;
        System.arraycopy(block, first, out, outEnd, length);
        outEnd += length;
    }

    /** Writes literals and after them the match of the sequence, as far as it is good. */
    private void writeSequence(int literals, int matchBegin, int matchEnd) {
        int token = outEnd;
        writeLiterals(literals, matchBegin);
        int distance = sequences.distance();
        out[outEnd++] = (byte) distance;
        out[outEnd++] = (byte) (distance >>> 8);
        int length = matchEnd - matchBegin - Sequences.MIN_MATCH;
        out[token] |= (byte) Math.min(length, Sequences.LONG);
        writeLength(length);
    }

    private void writeLiterals(int from, int to) {
        int count = to - from;
        out[outEnd++] = (byte) (Math.min(count, Sequences.LONG) << 4);
        writeLength(count);
        System.arraycopy(raw, from, out, outEnd, count);
        outEnd += count;
    }

    /** What a length is above that which fits in a token. */
    private void writeLength(int length) {
        if (length >= Sequences.LONG) {
            int rest = length - Sequences.LONG;
            while (rest >= 0xff) {
                out[outEnd++] = (byte) 0xff;
                rest -= 0xff;
            }
            out[outEnd++] = (byte) rest;
        }
    }

    /**
     * Walks the sequences of a valid LZ4 block: each some literals, then a match, which repeats earlier bytes. The last one
     * has no match. Positions are those in what the block holds, indexes those in the block. One thread at a time.
     */
    static final class Sequences {

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
                    for (int more = 0xff; more == 0xff; length += more) {
                        more = bytes[at++] & 0xff;
                    }
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
                    for (int more = 0xff; more == 0xff; length += more) {
                        more = bytes[at++] & 0xff;
                    }
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
}
