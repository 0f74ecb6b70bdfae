package io.slsdispatch.job.status;

import io.slsdispatch.job.output.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status of a job at one moment.
 *
 * @param isWell whether it runs well, or has ended well
 * @param hasLag whether Flink knows the lag, which it does while the job runs
 * @param lines the report for a screen of 80 columns
 * @param json the same for programs
 */
public record JobStatus(boolean isWell, boolean hasLag, List<String> lines, Map<String, @Nullable Object> json) {

    /**
     * Asks Flink.
     *
     * @param id of the job; null for the only job of sls-dispatch in the cluster
     * @throws FlinkRestException if Flink does not answer as expected
     * @throws NoJobException if it is not known which job is meant
     */
    public static JobStatus read(FlinkRest rest, StatusReader.Pause pause, @Nullable String id)
            throws FlinkRestException, NoJobException, InterruptedException {
        JobReport report = new StatusReader(rest, pause).read(id);
        Complaints complaints = Complaints.of(report);
        return new JobStatus(
                complaints.isWell(),
                !report.source().shards().isEmpty(),
                StatusText.of(report, complaints),
                StatusJson.of(report, complaints));
    }

    /** The JSON text. */
    public String jsonText() {
        return Json.text(json);
    }
}
