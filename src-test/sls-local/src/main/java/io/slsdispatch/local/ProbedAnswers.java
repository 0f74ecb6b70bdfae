package io.slsdispatch.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slsdispatch.local.settings.Assumption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Reads the answers of a service from the JSON that the command {@code probe} of sls-dispatch prints. */
final class ProbedAnswers {

    private static final int MOST_BYTES = 1 << 20;
    private static final Set<String> NO_ANSWER = Set.of("unknown", "");
    private static final String NOT_PROBED = "not probed";

    private ProbedAnswers() {}

    /**
     * The answers that differ from the assumed ones. What was not probed is answered as assumed.
     *
     * @throws IllegalArgumentException when the file is not such JSON, or names an assumption that is not known
     */
    static Map<Assumption, String> read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "--like " + file + " is larger than 1 MB: expected the output of probe --json");
        }
        JsonNode assumptions;
        try {
            assumptions = JsonMapper.builder().build().readTree(file.toFile()).path("assumptions");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "--like " + file + " is not JSON: expected the output of probe --json", e);
        }
        if (!assumptions.isArray() || assumptions.isEmpty()) {
            throw new IllegalArgumentException(
                    "--like " + file + " has no 'assumptions': expected the output of probe --json");
        }
        Map<Assumption, String> answers = new EnumMap<>(Assumption.class);
        for (JsonNode each : assumptions) {
            String name = each.path("name").asText();
            Assumption assumption = Assumption.named(name)
                    .orElseThrow(() -> new IllegalArgumentException("--like " + file + ": '" + name
                            + "' is none of the assumptions of this version of SLS Local"));
            String seen = each.path("seen").asText();
            if (!NO_ANSWER.contains(seen)
                    && !seen.startsWith(NOT_PROBED)
                    && !seen.equals(each.path("assumed").asText())) {
                answers.put(assumption, seen);
            }
        }
        return answers;
    }
}
