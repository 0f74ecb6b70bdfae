package io.slsdispatch.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table of throughputs. Numbers that do not apply are not a number.
 *
 * @param subject {@code job}, {@code sdk-loop} or {@code floor}
 * @param exchange {@code keyed} for the job as it is, {@code none} for the job without its keyed exchange, else empty
 * @param shards of the source
 * @param parallelism of the job; 1 for what has one thread
 * @param peakRssMb largest resident memory of the process that forwards while it was watched, in MB of 2^20 bytes
 * @param memoryBoundMb what its configuration allows that process
 * @param compression of rows about it; null for the others, which have the default
 */
record Row(
        String subject,
        Profile profile,
        String exchange,
        int shards,
        int parallelism,
        Rounds.Result result,
        double peakRssMb,
        double memoryBoundMb,
        @Nullable String compression) {

    /** A row that is not about compression. */
    Row(
            String subject,
            Profile profile,
            String exchange,
            int shards,
            int parallelism,
            Rounds.Result result,
            double peakRssMb,
            double memoryBoundMb) {
        this(subject, profile, exchange, shards, parallelism, result, peakRssMb, memoryBoundMb, null);
    }

    ObjectNode toJson(Traffic.Prices prices) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("subject", subject);
        json.put("profile", profile.text());
        json.put("exchange", exchange);
        json.put("shards", shards);
        json.put("parallelism", parallelism);
        put(json, "mbPerCpuSecond", result.mbPerCpuSecond().median());
        put(json, "mbPerCpuSecondMin", result.mbPerCpuSecond().min());
        put(json, "mbPerCpuSecondMax", result.mbPerCpuSecond().max());
        put(json, "mbPerSecond", result.mbPerSecond().median());
        put(json, "mbPerSecondMin", result.mbPerSecond().min());
        put(json, "mbPerSecondMax", result.mbPerSecond().max());
        put(json, "peakRssMb", peakRssMb);
        put(json, "memoryBoundMb", memoryBoundMb);
        put(json, "allocatedBytesPerByte", result.allocatedPerMb());
        put(json, "gcPauseShare", result.gcShare());
        put(json, "compilerShare", result.compilerShare());
        put(json, "serverCpuSecondsPerSecond", result.serverCpu());
        if (compression != null) {
            json.put("compression", compression);
        }
        Traffic traffic = result.traffic();
        put(json, "wireInPerByte", traffic.wireIn());
        put(json, "wireOutPerByte", traffic.wireOut());
        put(json, "requestsPerGb", traffic.requestsPerGigabyte());
        put(json, "usdPerTb", traffic.usdPerTerabyte(prices));
        return json;
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, Math.round(value * 1000) / 1000.0);
        } else {
            json.putNull(name);
        }
    }
}
