package io.slsdispatch.job.status;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the job to report of: by its id, else the only job of sls-dispatch in the cluster. */
final class JobFinder {

    private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED", "SUSPENDED");

    /** How many jobs of a cluster are looked at, the newest first. */
    private static final int MOST_JOBS = 50;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final FlinkRest rest;

    JobFinder(FlinkRest rest) {
        this.rest = rest;
    }

    /**
     * Returns Flink's description of the job.
     *
     * @param id null for the only job of sls-dispatch; one that runs takes precedence over those that have ended
     */
    JsonObject find(@Nullable String id) throws FlinkRestException, NoJobException, InterruptedException {
        return id == null ? only() : byId(id);
    }

    private JsonObject byId(String id) throws FlinkRestException, NoJobException, InterruptedException {
        if (!ID.matcher(id).matches()) {
            throw new NoJobException(
                    true, "--job is '" + Texts.line(id) + "': expected the id of a job, 32 hexadecimal digits.");
        }
        try {
            JsonObject job = rest.get("/jobs/" + id).getAsJsonObject();
            if (!vertexNames(job).isEmpty() && !isOurs(job)) {
                throw new NoJobException(
                        true, "Job " + id + " (" + name(job) + ") is not a job of sls-dispatch. " + list(jobs()));
            }
            return job;
        } catch (FlinkRestException e) {
            if (e.isNotFound()) {
                throw new NoJobException(true, "Flink has no job " + id + ". " + list(jobs()));
            }
            throw e;
        }
    }

    private JsonObject only() throws FlinkRestException, NoJobException, InterruptedException {
        List<JsonObject> jobs = jobs();
        List<JsonObject> running = new ArrayList<>();
        JsonObject lastEnded = null;
        for (JsonObject overview : jobs.stream().limit(MOST_JOBS).toList()) {
            boolean ended = hasEnded(overview);
            if (ended && (!running.isEmpty() || lastEnded != null)) {
                continue;
            }
            JsonObject job = describe(overview);
            if (job != null && isOurs(job)) {
                if (ended) {
                    lastEnded = job;
                } else {
                    running.add(job);
                }
            }
        }
        if (running.size() > 1) {
            throw new NoJobException(true, "Several jobs of sls-dispatch run: pass one with --job. " + list(running));
        }
        if (!running.isEmpty()) {
            return running.get(0);
        }
        if (lastEnded == null) {
            throw new NoJobException(
                    false,
                    "No job of sls-dispatch runs in this Flink, and none has ended lately. Start it with 'flink run -d"
                            + " sls-dispatch.jar --config ...', or pass the address of another Flink with --flink. "
                            + list(jobs));
        }
        return lastEnded;
    }

    /** All jobs: those that run first, then the newest first. */
    private List<JsonObject> jobs() throws FlinkRestException, InterruptedException {
        List<JsonObject> jobs = new ArrayList<>();
        JsonElement all = rest.get("/jobs/overview").getAsJsonObject().get("jobs");
        if (all != null && all.isJsonArray()) {
            all.getAsJsonArray().forEach(job -> jobs.add(job.getAsJsonObject()));
        }
        jobs.sort(Comparator.comparing(JobFinder::hasEnded)
                .thenComparing(job -> job.get("start-time").getAsLong(), Comparator.reverseOrder()));
        return jobs;
    }

    private @Nullable JsonObject describe(JsonObject overview) throws FlinkRestException, InterruptedException {
        try {
            return rest.get("/jobs/" + overview.get("jid").getAsString()).getAsJsonObject();
        } catch (FlinkRestException e) {
            if (e.isNotFound()) {
                return null;
            }
            throw e;
        }
    }

    static boolean hasEnded(JsonObject job) {
        return ENDED.contains(job.get("state").getAsString());
    }

    private static boolean isOurs(JsonObject job) {
        List<String> names = vertexNames(job);
        return names.stream().anyMatch(name -> name.contains("pull from "))
                && names.stream().anyMatch(name -> name.contains("dispatch by topic"));
    }

    private static List<String> vertexNames(JsonObject job) {
        List<String> names = new ArrayList<>();
        if (job.has("vertices")) {
            job.get("vertices")
                    .getAsJsonArray()
                    .forEach(vertex ->
                            names.add(vertex.getAsJsonObject().get("name").getAsString()));
        }
        return names;
    }

    private static String name(JsonObject job) {
        return Texts.line(job.get("name").getAsString());
    }

    private static String list(List<JsonObject> jobs) {
        if (jobs.isEmpty()) {
            return "It has no jobs.";
        }
        return "Its jobs: "
                + jobs.stream()
                        .limit(10)
                        .map(job -> job.get("jid").getAsString() + " " + name(job) + " ("
                                + job.get("state").getAsString() + ")")
                        .collect(Collectors.joining(", "))
                + (jobs.size() > 10 ? " and " + (jobs.size() - 10) + " more." : ".");
    }
}
