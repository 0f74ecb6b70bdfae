package io.slsdispatch.connector.client.credentials;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import io.slsdispatch.connector.client.http.HttpAnswer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The JSON of an answer with temporary credentials of a role. Unlike the credentials in a file, these must have a token
 * and an expiration. Messages never repeat a part of the answer, except for its error code and request id if they look
 * like such.
 */
final class RoleAnswer {

    private static final Pattern CODE = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    /** Keys and tokens are sent in headers. */
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,16384}");

    /** As for requests to the service: a clock that differs by more is broken, or the date is. */
    private static final Duration MAX_SKEW = Duration.ofDays(2);

    /** The date of an answer has no fractions of seconds, and is older than the answer. */
    private static final Duration MIN_SKEW = Duration.ofSeconds(5);

    /** The answer is not as expected. The message is a reason, without a part of the answer. */
    static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }

    private final JsonObject root;
    private final HttpAnswer answer;

    private RoleAnswer(JsonObject root, HttpAnswer answer) {
        this.root = root;
        this.answer = answer;
    }

    /** Parses an answer. */
    static RoleAnswer parse(HttpAnswer answer) throws UnreadableException {
        String text = SecretText.withoutByteOrderMark(answer.text());
        if (text.isBlank()) {
            throw new UnreadableException("the response is empty");
        }
        JsonElement root;
        try {
            root = JsonParser.parseString(text);
        } catch (RuntimeException e) {
            // Neither the message nor the exception as a cause: both repeat the text.
            throw new UnreadableException("the response is not valid JSON");
        }
        if (!root.isJsonObject()) {
            throw new UnreadableException("the response is not a JSON object");
        }
        return new RoleAnswer(root.getAsJsonObject(), answer);
    }

    /** The error code; empty when there is none. */
    String code() {
        return text(root, "Code")
                .map(code -> CODE.matcher(code).matches() ? code : "(unreadable)")
                .orElse("");
    }

    /** The status of the answer, its error code and its request id, whatever the answer is. */
    static String describe(HttpAnswer answer) {
        StringBuilder text = new StringBuilder("HTTP status ").append(answer.status());
        try {
            RoleAnswer parsed = parse(answer);
            if (!parsed.code().isEmpty()) {
                text.append(", code ").append(parsed.code());
            }
            text(parsed.root, "RequestId")
                    .filter(id -> REQUEST_ID.matcher(id).matches())
                    .ifPresent(id -> text.append(", request id ").append(id));
        } catch (UnreadableException notAnAnswerOfTheService) {
            // The status remains.
        }
        return text.toString();
    }

    /**
     * The credentials.
     *
     * @param inside the name of the object that holds them; empty for the answer itself
     * @param origin of the credentials
     * @param clock of this process: the expiration is converted to it, if the answer tells the time
     */
    Credentials credentials(String inside, String origin, Clock clock) throws UnreadableException {
        JsonObject object = root;
        if (!inside.isEmpty()) {
            JsonElement part = root.get(inside);
            if (part == null || !part.isJsonObject()) {
                throw new UnreadableException("the response has no " + inside);
            }
            object = part.getAsJsonObject();
        }
        return new Credentials(
                key(object, "AccessKeyId"),
                Secret.of(key(object, "AccessKeySecret")),
                Optional.of(Secret.of(key(object, "SecurityToken"))),
                Optional.of(expiration(object, clock)),
                origin);
    }

    private static String key(JsonObject object, String name) throws UnreadableException {
        String value = required(object, name);
        if (!KEY.matcher(value).matches()) {
            throw new UnreadableException("the response has an unreadable " + name);
        }
        return value;
    }

    private Instant expiration(JsonObject object, Clock clock) throws UnreadableException {
        Instant stated;
        try {
            stated = Instant.parse(required(object, "Expiration"));
        } catch (DateTimeException e) {
            throw new UnreadableException("the response has an unreadable Expiration");
        }
        return stated.plus(ahead(answer, clock));
    }

    /**
     * By how much a clock is ahead of that of the sender of an answer; zero when that is unknown, too little to be
     * certain, or implausibly much. The date of an answer that a cache has stored is not the time.
     */
    static Duration ahead(HttpAnswer answer, Clock clock) {
        Duration ahead = answer.date()
                .filter(date -> answer.header("age").isEmpty())
                .map(date -> Duration.between(date, clock.instant()))
                .orElse(Duration.ZERO);
        boolean isClear = ahead.abs().compareTo(MIN_SKEW) > 0 && ahead.abs().compareTo(MAX_SKEW) <= 0;
        return isClear ? ahead : Duration.ZERO;
    }

    private static String required(JsonObject object, String name) throws UnreadableException {
        return text(object, name).orElseThrow(() -> new UnreadableException("the response has no value for " + name));
    }

    private static Optional<String> text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value instanceof JsonPrimitive primitive && primitive.isString()
                ? SecretText.ofKey(primitive.getAsString())
                : Optional.empty();
    }
}
