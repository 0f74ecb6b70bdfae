package io.slsdispatch.connector.source.reader;

import java.util.random.RandomGenerator;

/** Always the highest number that chance could give, or always the lowest. */
record Extreme(boolean highest) implements RandomGenerator {

    @Override
    public long nextLong() {
        return highest ? Long.MAX_VALUE : 0;
    }

    @Override
    public long nextLong(long bound) {
        return highest ? bound - 1 : 0;
    }

    @Override
    public double nextDouble() {
        return highest ? Math.nextDown(1.0) : 0;
    }
}
