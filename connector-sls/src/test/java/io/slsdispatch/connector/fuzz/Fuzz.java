package io.slsdispatch.connector.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Gives a reader of what others send a number of inputs that nobody meant: half of them the same in each run, half of them
 * others each time. {@code -Dfuzz.inputs=1000000} gives so many to each reader; {@code -Dfuzz.seed=S} repeats the half that
 * a failure has named. Readers end with a value or with what they say that they throw: the test lets that pass and nothing
 * else. An input over which a reader makes no progress for two minutes is a failure, too.
 */
public final class Fuzz {

    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 2000);
    private static final long FIXED_SEED = 20260101;
    private static final long PATIENCE_SECONDS = 120;
    private static final int SHOWN_BYTES = 300;

    private final Reader reader;
    private final Mutants mutants;
    private final long seed;
    private final int inputs;
    private volatile int done;
    private volatile byte[] current = new byte[0];
    private volatile Throwable failure;

    private Fuzz(Reader reader, Mutants mutants, long seed, int inputs) {
        this.reader = reader;
        this.mutants = mutants;
        this.seed = seed;
        this.inputs = inputs;
    }

    /** What reads inputs; catches what it may throw, and throws whatever else comes. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] input) throws Throwable;
    }

    /**
     * Runs a reader over mutants.
     *
     * @param valid inputs that the mutants are made of
     * @throws AssertionError that shows the first input with which it went wrong, and how to repeat it
     */
    public static void run(List<byte[]> valid, Reader reader) throws InterruptedException {
        new Fuzz(reader, new Mutants(FIXED_SEED, valid), FIXED_SEED, INPUTS - INPUTS / 2).run();
        long seed = Long.getLong("fuzz.seed", new Random().nextInt(Integer.MAX_VALUE));
        new Fuzz(reader, new Mutants(seed, valid), seed, INPUTS / 2).run();
    }

    private void run() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    readAll();
                    ended.countDown();
                },
                "fuzz");
        thread.setDaemon(true);
        thread.start();
        int before = -1;
        while (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            if (done == before) {
                AssertionError stuck = new AssertionError(about("does not end"));
                stuck.setStackTrace(thread.getStackTrace());
                throw stuck;
            }
            before = done;
        }
        if (failure != null) {
            throw new AssertionError(about("ends with " + failure), failure);
        }
    }

    @SuppressWarnings({"CatchAndPrintStackTrace", "PMD.AvoidCatchingThrowable"})
    private void readAll() {
        try {
            int count = 0;
            while (count < inputs) {
                current = mutants.next();
                reader.read(current);
                count++;
                done = count;
            }
        } catch (Throwable wrong) {
            failure = wrong;
        }
    }

    private String about(String what) {
        byte[] input = current;
        String begin = new String(input, 0, Math.min(input.length, SHOWN_BYTES), StandardCharsets.UTF_8)
                .chars()
                .mapToObj(c -> c >= ' ' && c < 0x7f ? Character.toString(c) : String.format("\\u%04x", c))
                .reduce("", String::concat);
        String whole = Base64.getEncoder().encodeToString(input);
        return "input " + done + " of seed " + seed + " " + what + " (-Dfuzz.seed=" + seed + " repeats it); "
                + input.length + " bytes: " + begin + (input.length > SHOWN_BYTES ? "…" : "") + "\nin base64: "
                + (whole.length() > 20_000 ? whole.substring(0, 20_000) + "…" : whole);
    }
}
