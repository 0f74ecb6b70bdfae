package io.slsdispatch.connector.client.credentials;

import io.slsdispatch.connector.client.credentials.Credentials.Secret;
import java.util.regex.Pattern;

/** The OIDC token in a file. The platform replaces the file before the token expires. */
final class OidcTokenFile {

    /** What the API accepts. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{4,20000}");

    private final SecretFile file;

    OidcTokenFile(String path) {
        this.file = new SecretFile(path, "OIDC token file " + path);
    }

    /** Reads the token; it has no line end. */
    Secret read() throws NoCredentialsException {
        String token = SecretText.ofKey(file.read()).orElse("");
        if (!TOKEN.matcher(token).matches()) {
            throw new NoCredentialsException(file.origin()
                    + (token.isEmpty()
                            ? " is empty"
                            : " does not contain a token: expected 4 to 20000 characters in one line"));
        }
        return Secret.of(token);
    }
}
