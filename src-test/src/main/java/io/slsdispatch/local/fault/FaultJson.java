package io.slsdispatch.local.fault;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Faults as JSON objects. {@code effect} is {@code delay} (with {@code millis}), {@code error} (with {@code code}, and
 * {@code status} and {@code message} if they shall differ from the usual) or {@code reset}; {@code when} is
 * {@code before} the call took effect (the default) or {@code after}. {@code operation}, {@code project},
 * {@code logstore}, {@code shard}, {@code probability} and {@code count} narrow it and may be left out. An outage of one
 * logstore: <pre>{"effect": "error", "code": "ServerBusy", "logstore": "access-log"}</pre>
 */
public final class FaultJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private FaultJson() {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Fields(
            @Nullable String effect,
            @Nullable Long millis,
            @Nullable Integer status,
            @Nullable String code,
            @Nullable String message,
            @Nullable String when,
            @Nullable String operation,
            @Nullable String project,
            @Nullable String logstore,
            @Nullable Integer shard,
            @Nullable Double probability,
            @Nullable Long count) {}

    /**
     * Reads a fault.
     *
     * @throws IllegalArgumentException when the JSON is not a fault; the message says why
     */
    public static Fault read(byte[] json) {
        Fields fields = fields(json);
        return new Fault(
                Optional.ofNullable(fields.operation()).map(FaultJson::operation),
                Optional.ofNullable(fields.project()),
                Optional.ofNullable(fields.logstore()),
                fields.shard() == null ? OptionalInt.empty() : OptionalInt.of(fields.shard()),
                fields.probability() == null ? 1 : fields.probability(),
                fields.count() == null ? OptionalLong.empty() : OptionalLong.of(fields.count()),
                effect(fields));
    }

    private static Fields fields(byte[] json) {
        try {
            return MAPPER.readValue(json, Fields.class);
        } catch (JacksonException notAFault) {
            throw new IllegalArgumentException("not a fault: " + notAFault.getOriginalMessage(), notAFault);
        } catch (IOException notAFault) {
            throw new IllegalArgumentException("not a fault", notAFault);
        }
    }

    private static Operation operation(String name) {
        return Operation.named(name)
                .orElseThrow(() -> new IllegalArgumentException("operation '" + name + "' is not one of "
                        + Arrays.stream(Operation.values()).map(Operation::text).toList()));
    }

    private static Effect effect(Fields fields) {
        String effect = fields.effect() == null ? "" : fields.effect();
        return switch (effect) {
            case "delay" -> new Effect.Delay(Duration.ofMillis(required("millis", fields.millis())));
            case "error" -> refuse(fields);
            case "reset" -> new Effect.Reset(moment(fields.when()));
            default -> throw new IllegalArgumentException("effect '" + effect + "' is not one of delay, error, reset");
        };
    }

    private static Effect refuse(Fields fields) {
        String code = required("code", fields.code());
        int usual = Arrays.stream(ErrorCode.values())
                .filter(known -> known.text().equals(code))
                .mapToInt(ErrorCode::status)
                .findFirst()
                .orElse(500);
        return new Effect.Refuse(
                fields.status() == null ? usual : fields.status(),
                code,
                fields.message() == null ? "a fault that was asked for" : fields.message(),
                moment(fields.when()));
    }

    private static Effect.Moment moment(@Nullable String when) {
        if (when == null || when.equals("before")) {
            return Effect.Moment.BEFORE;
        }
        if (when.equals("after")) {
            return Effect.Moment.AFTER;
        }
        throw new IllegalArgumentException("when '" + when + "' is not before or after");
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    /** A fault that is on, as a value that becomes the same JSON with {@code id} and {@code struck} added. */
    public static Map<String, Object> write(Faults.View view) {
        Fault fault = view.fault();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", view.id());
        fault.operation().ifPresent(operation -> json.put("operation", operation.text()));
        fault.project().ifPresent(project -> json.put("project", project));
        fault.logstore().ifPresent(logstore -> json.put("logstore", logstore));
        fault.shard().ifPresent(shard -> json.put("shard", shard));
        json.put("probability", fault.probability());
        fault.count().ifPresent(count -> json.put("count", count));
        write(fault.effect(), json);
        json.put("struck", view.struck());
        return json;
    }

    private static void write(Effect effect, Map<String, Object> json) {
        if (effect instanceof Effect.Delay delay) {
            json.put("effect", "delay");
            json.put("millis", delay.time().toMillis());
        } else if (effect instanceof Effect.Refuse refuse) {
            json.put("effect", "error");
            json.put("status", refuse.status());
            json.put("code", refuse.code());
            json.put("message", refuse.message());
            json.put("when", refuse.moment().name().toLowerCase(Locale.ROOT));
        } else if (effect instanceof Effect.Reset reset) {
            json.put("effect", "reset");
            json.put("when", reset.moment().name().toLowerCase(Locale.ROOT));
        }
    }
}
