package io.slsdispatch.local;

import io.slsdispatch.local.signature.Credential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Command-line options for the access keys and for signature checks. */
final class CredentialOptions {

    @ArgGroup(exclusive = false, multiplicity = "0..*")
    private List<Key> keys = new ArrayList<>();

    @Option(
            names = "--credentials-file",
            paramLabel = "FILE",
            description =
                    "File of valid access keys, one per line: ID SECRET [TOKEN]. Lines that start with # are ignored.")
    private @Nullable Path file;

    @Option(
            names = "--skip-signature-check",
            description =
                    "Accepts all requests, signed or not. Without this option, at least one access key is required.")
    private boolean skipCheck;

    /** An access key given on the command line. */
    static final class Key {

        @Option(
                names = "--access-key-id",
                required = true,
                paramLabel = "ID",
                description = "Id of a valid access key. Repeatable, each time with its secret.")
        private String id = "";

        @Option(
                names = "--access-key-secret",
                required = true,
                paramLabel = "SECRET",
                description =
                        "Secret of the access key. Other users of this machine can see it: prefer --credentials-file.")
        private String secret = "";

        @Option(
                names = "--security-token",
                paramLabel = "TOKEN",
                description = "Security token that requests must send, if the access key is temporary.")
        private @Nullable String token;
    }

    /** Whether requests must be signed with a valid key. */
    boolean areChecked() {
        return !skipCheck;
    }

    void addTo(SlsLocalOptions.Builder options) throws IOException {
        List<Credential> all = new ArrayList<>();
        for (Key key : keys) {
            all.add(new Credential(key.id, key.secret, key.token));
        }
        if (file != null) {
            all.addAll(read(file));
        }
        if (all.isEmpty() && !skipCheck) {
            throw new IllegalArgumentException("No access keys: set --access-key-id and --access-key-secret, "
                    + "--credentials-file, or --skip-signature-check");
        }
        options.verifySignatures(!skipCheck);
        all.forEach(options::credential);
    }

    private static List<Credential> read(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("Cannot read --credentials-file " + file);
        }
        List<Credential> all = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] parts = line.strip().split("\\s+");
            if (parts.length < 2 || parts.length > 3) {
                throw new IllegalArgumentException(
                        "--credentials-file " + file + ", line " + number + ": expected ID SECRET [TOKEN]");
            }
            all.add(new Credential(parts[0], parts[1], parts.length == 3 ? parts[2] : null));
        }
        return all;
    }
}
