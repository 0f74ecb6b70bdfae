package io.slsdispatch.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What went over the wire while a subject was watched, as far as a bill counts it. Numbers that do not apply are not a
 * number.
 *
 * @param rawBytes forwarded
 * @param pulledRawBytes of answers to pulls, before compression
 * @param pulledWireBytes bodies of the same answers
 * @param putWireBytes bodies of puts
 * @param requests pulls and puts
 * @param cpuSeconds of all processes of the subject
 */
record Traffic(
        double rawBytes,
        double pulledRawBytes,
        double pulledWireBytes,
        double putWireBytes,
        double requests,
        double cpuSeconds) {

    private static final double GIGA = 1e9;
    private static final double TERA = 1e12;
    private static final double MILLION = 1e6;
    private static final double SECONDS_PER_HOUR = 3600;

    /** Of something that sends nothing. */
    static final Traffic NONE = new Traffic(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /**
     * What things cost.
     *
     * @param perGigabyte USD for 10^9 compressed bytes, read or written
     * @param perMillionRequests USD
     * @param perCpuHour USD for an hour of one processor
     */
    record Prices(double perGigabyte, double perMillionRequests, double perCpuHour) {}

    static Traffic sum(List<Traffic> all) {
        return new Traffic(
                sum(all, Traffic::rawBytes),
                sum(all, Traffic::pulledRawBytes),
                sum(all, Traffic::pulledWireBytes),
                sum(all, Traffic::putWireBytes),
                sum(all, Traffic::requests),
                sum(all, Traffic::cpuSeconds));
    }

    private static double sum(List<Traffic> all, ToDoubleFunction<Traffic> part) {
        return all.stream().mapToDouble(part).sum();
    }

    /** Compressed bytes read for each raw byte. */
    double wireIn() {
        return pulledWireBytes / pulledRawBytes;
    }

    /** Compressed bytes written for each raw byte. */
    double wireOut() {
        return putWireBytes / rawBytes;
    }

    /** For 10^9 raw bytes forwarded. */
    double requestsPerGigabyte() {
        return requests / (rawBytes / GIGA);
    }

    /** USD for 10^12 raw bytes forwarded: traffic both ways, requests, and processor time. */
    double usdPerTerabyte(Prices prices) {
        double traffic = (wireIn() + wireOut()) * TERA / GIGA * prices.perGigabyte;
        double calls = requestsPerGigabyte() * TERA / GIGA / MILLION * prices.perMillionRequests;
        double hours = cpuSeconds / rawBytes * TERA / SECONDS_PER_HOUR;
        return traffic + calls + hours * prices.perCpuHour;
    }
}
