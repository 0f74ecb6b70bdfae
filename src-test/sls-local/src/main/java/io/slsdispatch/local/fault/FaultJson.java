package io.slsdispatch.local.fault;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slsdispatch.local.ledger.GroupDigest;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads and writes faults as JSON. The field {@code effect} defines what happens and which other fields are read, see
 * {@link #help}. {@code operation}, {@code project}, {@code logstore} and {@code shard} select the calls, and
 * {@code list}, {@code topic} and {@code digest} select the puts. {@code probability}, {@code skip}, {@code count},
 * {@code startAfterMillis} and {@code endAfterMillis} select which of the matching calls are affected. All of these are
 * optional. An outage of one logstore for a minute:
 * <pre>{"effect": "error", "code": "ServerBusy", "logstore": "access-log", "endAfterMillis": 60000}</pre>
 *
 * An event (split, merge, trim, append, delete-logstore, recreate-logstore) needs the project, logstore and shard that
 * it happens to. It happens once unless {@code count} is set. A shard is split while the third pull of it is served:
 * <pre>{"effect": "split", "project": "p", "logstore": "l", "shard": 0, "operation": "PullLogs", "skip": 2}</pre>
 */
public final class FaultJson {

    /** A group to append may be as large as an array can be, and is a third larger in base64. */
    private static final JsonFactory UNLIMITED_TEXT = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(UNLIMITED_TEXT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private FaultJson() {}

    /**
     * Reads one fault, or an array of them.
     *
     * @throws IllegalArgumentException when one of them is not a fault; the message lists all errors
     */
    public static List<Fault> readAll(byte[] json) {
        JsonNode node = parse(json);
        if (!node.isArray()) {
            return List.of(read(node));
        }
        List<Fault> faults = new ArrayList<>();
        node.forEach(item -> faults.add(read(item)));
        return faults;
    }

    /**
     * Reads one fault.
     *
     * @throws IllegalArgumentException when the JSON is not a fault; the message lists all errors
     */
    public static Fault read(byte[] json) {
        return read(parse(json));
    }

    /**
     * Reads an event that happens immediately: {@code effect} and its fields, {@code project}, {@code logstore} and, if
     * it happens to a shard, {@code shard}.
     *
     * @throws IllegalArgumentException when the JSON is not an event; the message lists all errors
     */
    public static Fault readEvent(byte[] json) {
        JsonNode node = parse(json);
        FaultFields fields = new FaultFields(node);
        if (!(form(node, fields).reader().apply(fields) instanceof Effect.Event event)) {
            throw new IllegalArgumentException(
                    "effect " + node.get("effect") + " is not an event: use POST /_local/faults");
        }
        Fault.Scope scope = scope(fields, Optional.empty());
        checkSubject(event, scope, fields);
        fields.finish();
        return new Fault(scope, Fault.Schedule.ALWAYS, event);
    }

    /** Help text: the effects with their fields, one per line. */
    public static List<String> help() {
        return EffectFormats.help();
    }

    private static JsonNode parse(byte[] json) {
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException notJson) {
            throw new IllegalArgumentException("invalid fault: " + whereNotJson(notJson), notJson);
        } catch (IOException notJson) {
            throw new IllegalArgumentException("invalid fault: not JSON", notJson);
        }
    }

    /** In plain words: a parser's own words are about tokens and character codes. */
    private static String whereNotJson(JacksonException notJson) {
        JsonLocation at = notJson.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return "not JSON" + where
                + ". Write names and texts in double quotes, a comma between fields, and one closing brace,"
                + " as in {\"effect\": \"hang\", \"operation\": \"PutLogs\"}";
    }

    private static Fault read(JsonNode json) {
        FaultFields fields = new FaultFields(json);
        Effect effect = form(json, fields).reader().apply(fields);
        Fault.Scope scope = scope(fields, operation(fields));
        if (effect instanceof Effect.Event event) {
            checkSubject(event, scope, fields);
        }
        Fault.Schedule schedule = schedule(fields, effect instanceof Effect.Event);
        fields.finish();
        return new Fault(scope, schedule, effect);
    }

    private static EffectFormat<?> form(JsonNode json, FaultFields fields) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("invalid fault: expected a JSON object with the field 'effect'");
        }
        return fields.text("effect")
                .flatMap(EffectFormats::named)
                .orElseThrow(() -> new IllegalArgumentException("invalid fault: field 'effect' is "
                        + (fields.has("effect") ? json.get("effect") : "missing") + ", expected one of "
                        + EffectFormats.ALL.stream().map(EffectFormat::name).toList()));
    }

    private static Fault.Scope scope(FaultFields fields, Optional<Operation> operation) {
        return new Fault.Scope(
                operation,
                fields.text("project"),
                fields.text("logstore"),
                fields.smallNumber("shard", 0),
                new Fault.Groups(fields.optionalFlag("list"), fields.anyText("topic"), digest(fields)));
    }

    private static Optional<GroupDigest> digest(FaultFields fields) {
        Optional<String> text = fields.text("digest");
        try {
            return text.map(GroupDigest::parse);
        } catch (IllegalArgumentException notADigest) {
            fields.problem(
                    "field 'digest' is '" + text.orElse("") + "', expected 32 hexadecimal digits, as in the ledger");
            return Optional.empty();
        }
    }

    private static Optional<Operation> operation(FaultFields fields) {
        Optional<String> name = fields.text("operation");
        Optional<Operation> operation = name.flatMap(Operation::named);
        if (name.isPresent() && operation.isEmpty()) {
            fields.problem("field 'operation' is '" + name.get() + "', expected one of "
                    + Arrays.stream(Operation.values()).map(Operation::text).toList());
        }
        return operation;
    }

    private static void checkSubject(Effect.Event event, Fault.Scope scope, FaultFields fields) {
        if (scope.project().isEmpty()) {
            fields.problem("field 'project' is missing: an event applies to a logstore");
        }
        if (scope.logstore().isEmpty()) {
            fields.problem("field 'logstore' is missing: an event applies to a logstore");
        }
        if (event.isOfShard() && scope.shard().isEmpty()) {
            fields.problem("field 'shard' is missing: this event applies to a shard");
        }
    }

    private static Fault.Schedule schedule(FaultFields fields, boolean once) {
        double probability = fields.probability("probability");
        long skip = fields.number("skip", 0).orElse(0);
        OptionalLong count = fields.number("count", 1);
        Duration start = fields.millis("startAfterMillis").orElse(Duration.ZERO);
        Optional<Duration> end = fields.millis("endAfterMillis");
        if (end.isPresent() && end.get().compareTo(start) <= 0) {
            fields.problem("field 'endAfterMillis' is " + end.get().toMillis() + ", expected more than "
                    + "startAfterMillis (" + start.toMillis() + ")");
            end = Optional.empty();
        }
        return new Fault.Schedule(probability, skip, count.isEmpty() && once ? OptionalLong.of(1) : count, start, end);
    }

    /** A fault as a value that serializes to the same JSON, with {@code id}, {@code phase} and {@code struck} added. */
    public static Map<String, Object> write(Faults.View view) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", view.id());
        EffectFormats.write(view.fault().effect(), json);
        Fault.Scope scope = view.fault().scope();
        scope.operation().ifPresent(operation -> json.put("operation", operation.text()));
        scope.project().ifPresent(project -> json.put("project", project));
        scope.logstore().ifPresent(logstore -> json.put("logstore", logstore));
        scope.shard().ifPresent(shard -> json.put("shard", shard));
        scope.groups().list().ifPresent(list -> json.put("list", list));
        scope.groups().topic().ifPresent(topic -> json.put("topic", topic));
        scope.groups().digest().ifPresent(digest -> json.put("digest", digest.toString()));
        Fault.Schedule schedule = view.fault().schedule();
        json.put("probability", schedule.probability());
        json.put("skip", schedule.skip());
        schedule.count().ifPresent(count -> json.put("count", count));
        json.put("startAfterMillis", schedule.startAfter().toMillis());
        schedule.endAfter().ifPresent(end -> json.put("endAfterMillis", end.toMillis()));
        json.put("phase", FaultFields.text(view.phase()));
        json.put("struck", view.struck());
        return json;
    }
}
