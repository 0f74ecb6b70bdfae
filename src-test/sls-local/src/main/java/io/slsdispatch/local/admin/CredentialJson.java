package io.slsdispatch.local.admin;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Parses access keys from a JSON array. Error messages contain no values, because one of them is a secret. */
final class CredentialJson {

    private static final String EXPECTED =
            "expected [{\"accessKeyId\": ID, \"accessKeySecret\": SECRET}], with \"securityToken\" for temporary keys";
    private static final TypeReference<List<Fields>> ARRAY = new TypeReference<>() {};
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private CredentialJson() {}

    private record Fields(
            @Nullable String accessKeyId,
            @Nullable String accessKeySecret,
            @Nullable String securityToken) {}

    /**
     * Parses keys.
     *
     * @throws IllegalArgumentException when the JSON is not such an array, or when an id occurs twice
     */
    static List<Credential> read(byte[] json) {
        List<Credential> keys = fields(json).stream().map(CredentialJson::key).toList();
        Set<String> ids = keys.stream().map(Credential::accessKeyId).collect(Collectors.toSet());
        if (ids.size() < keys.size()) {
            throw new IllegalArgumentException("duplicate accessKeyId");
        }
        return keys;
    }

    private static List<Fields> fields(byte[] json) {
        try {
            List<Fields> fields = MAPPER.readValue(json, ARRAY);
            if (fields != null && !fields.contains(null)) {
                return fields;
            }
        } catch (JacksonException notKeys) {
            // Its message may quote a secret.
            throw new IllegalArgumentException("invalid access keys: " + EXPECTED);
        } catch (IOException notKeys) {
            throw new IllegalArgumentException("invalid access keys: " + EXPECTED, notKeys);
        }
        throw new IllegalArgumentException("invalid access keys: " + EXPECTED);
    }

    private static Credential key(Fields fields) {
        String id = fields.accessKeyId();
        String secret = fields.accessKeySecret();
        if (id == null || secret == null || id.isBlank() || secret.isEmpty()) {
            throw new IllegalArgumentException("accessKeyId or accessKeySecret is missing or empty: " + EXPECTED);
        }
        return new Credential(id, secret, fields.securityToken());
    }
}
