package io.slsdispatch.connector.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes mutants of valid inputs. The same seed makes the same mutants. One thread at a time. */
public final class Mutants {

    private static final int MOST_CHANGES = 4;
    private static final int MOST_BYTES = 128 * 1024;
    private static final int MOST_REPEATS = 10_000;

    /** Numbers at the bounds of types, text that is rare, and signs that mean something to a parser. */
    private static final List<byte[]> ODD = List.of(
            text("99999999999999999999999999"),
            text("9223372036854775807"),
            text("-9223372036854775808"),
            text("2147483648"),
            text("1e999999999"),
            text("-1"),
            text("0x7f"),
            text("NaN"),
            text("\\u12"),
            text("\\ud800"),
            text("\u0000"),
            text("\ufeff"),
            text("\u2028\u202e\u0301"),
            text("\ud83d\ude00"),
            text("''\"\"\\"),
            text("null"),
            text("true"),
            text("\r\n\r\n"),
            text("\n  - "),
            text("${A:-${B}}"),
            text("&a *a <<: "),
            text("!!java.net.URL [x]"),
            text("((x{1000}){1000}){1000}"),
            new byte[] {(byte) 0xff, (byte) 0xfe},
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f},
            new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80});

    /** What nests when it is repeated. */
    private static final List<byte[]> NESTS = List.of(
            text("{\"a\":"), text("["), text("{a: "), text("- "), text("((("), text("{{"), text("\""), text("? "));

    private final Random random;
    private final List<byte[]> valid;

    /** @param valid what mutants are made of; never written to */
    public Mutants(long seed, List<byte[]> valid) {
        this.random = new Random(seed);
        this.valid = List.copyOf(valid);
    }

    private static byte[] text(String text) {
        // Lone surrogates become what an encoder of others makes of them.
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The next mutant. */
    public byte[] next() {
        byte[] mutant = pick(valid);
        int changes = 1 + random.nextInt(MOST_CHANGES);
        for (int i = 0; i < changes; i++) {
            mutant = changed(mutant);
        }
        return mutant.length <= MOST_BYTES ? mutant : Arrays.copyOf(mutant, MOST_BYTES);
    }

    private byte[] changed(byte[] from) {
        int at = random.nextInt(from.length + 1);
        int to = Math.min(from.length, at + 1 + random.nextInt(32));
        return switch (random.nextInt(9)) {
            case 0 -> Arrays.copyOf(from, at);
            case 1 -> flipped(from);
            case 2 -> joined(from, 0, to, from, at);
            case 3 -> joined(from, 0, at, from, to);
            case 4 -> inserted(from, at, pick(ODD));
            case 5 -> inserted(joined(from, 0, at, from, to), at, pick(ODD));
            case 6 -> inserted(from, at, repeated(pick(NESTS)));
            case 7 -> inserted(from, at, repeated(Arrays.copyOfRange(from, at, to)));
            default -> spliced(from, at);
        };
    }

    private byte[] flipped(byte[] from) {
        if (from.length == 0) {
            return from;
        }
        byte[] flipped = from.clone();
        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
        return flipped;
    }

    private byte[] spliced(byte[] from, int at) {
        byte[] other = pick(valid);
        return joined(from, 0, at, other, random.nextInt(other.length + 1));
    }

    /** Mostly a few times, sometimes very often. */
    private byte[] repeated(byte[] piece) {
        int times = random.nextInt(40) == 0 ? random.nextInt(MOST_REPEATS) : 1 + random.nextInt(20);
        ByteArrayOutputStream repeated = new ByteArrayOutputStream();
        for (int i = 0; i < times && repeated.size() < MOST_BYTES; i++) {
            repeated.writeBytes(piece);
        }
        return repeated.toByteArray();
    }

    private static byte[] inserted(byte[] into, int at, byte[] piece) {
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        made.write(into, 0, at);
        made.writeBytes(piece);
        made.write(into, at, into.length - at);
        return made.toByteArray();
    }

    /** The begin of one and the end of another. */
    private static byte[] joined(byte[] first, int from, int until, byte[] second, int since) {
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        made.write(first, from, until - from);
        made.write(second, since, second.length - since);
        return made.toByteArray();
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
