package io.slsdispatch.connector.client.credentials;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Parses credentials from a JSON object or a properties file. {@code AccessKeyId} and {@code access-key-id} are the
 * same name. Messages never repeat a part of the text.
 */
final class CredentialsText {

    private static final String ID = "access-key-id";
    private static final String SECRET = "access-key-secret";
    private static final String TOKEN = "security-token";
    private static final String EXPIRATION = "expiration";
    private static final String STATUS = "code";

    private final Map<String, String> values;
    private final String origin;

    private CredentialsText(Map<String, String> values, String origin) {
        this.values = values;
        this.origin = origin;
    }

    /**
     * Parses credentials.
     *
     * @param contents the text; a leading byte order mark is ignored
     * @param origin the origin of the text, for messages
     * @throws NoCredentialsException when the text has neither form, or lacks an access key
     */
    static Credentials parse(String contents, String origin) throws NoCredentialsException {
        String text = SecretText.withoutByteOrderMark(contents);
        Map<String, String> values =
                text.stripLeading().startsWith("{") ? json(text, origin) : properties(text, origin);
        return new CredentialsText(values, origin).credentials();
    }

    private static Map<String, String> json(String text, String origin) throws NoCredentialsException {
        Map<String, String> values = new HashMap<>();
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.LENIENT);
            reader.beginObject();
            while (reader.hasNext()) {
                String name = reader.nextName();
                if (reader.peek() == JsonToken.STRING) {
                    values.put(plain(name), reader.nextString());
                } else {
                    reader.skipValue();
                }
            }
            reader.endObject();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new NoCredentialsException(origin + " starts like JSON but has more text after its end");
            }
        } catch (IOException | RuntimeException e) {
            // Neither the message nor the exception as a cause: both repeat the text.
            throw new NoCredentialsException(origin + " starts like JSON but is not valid JSON");
        }
        return values;
    }

    private static Map<String, String> properties(String text, String origin) throws NoCredentialsException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            throw new NoCredentialsException(origin + " is neither JSON nor a properties file");
        }
        Map<String, String> values = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            values.put(plain(name), properties.getProperty(name));
        }
        return values;
    }

    private static String plain(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    private Credentials credentials() throws NoCredentialsException {
        Optional<String> status = value(STATUS);
        if (status.isPresent() && !status.get().equalsIgnoreCase("success")) {
            throw new NoCredentialsException(origin + " reports that it has no credentials");
        }
        Optional<Instant> expiration = Optional.empty();
        if (value(EXPIRATION).isPresent()) {
            try {
                expiration = Optional.of(Instant.parse(value(EXPIRATION).get()));
            } catch (DateTimeParseException e) {
                throw new NoCredentialsException(
                        origin + " has a value of " + EXPIRATION + " that is not a time such as 2026-01-31T12:00:00Z");
            }
        }
        return new Credentials(
                required(ID), Secret.of(required(SECRET)), value(TOKEN).map(Secret::of), expiration);
    }

    private Optional<String> value(String name) {
        return SecretText.ofKey(values.get(plain(name)));
    }

    private String required(String name) throws NoCredentialsException {
        return value(name).orElseThrow(() -> new NoCredentialsException(origin + " has no value for " + name));
    }
}
