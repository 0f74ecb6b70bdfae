package io.slsdispatch.job.rules;

import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A version of the rules of a job.
 *
 * @param version version number, which increases from 1 over the life of a job, across savepoints
 * @param table the rules
 */
public record RuleSet(long version, RuleTable table) implements Serializable {

    private static final int SHOWN_DIGITS = 12;

    public RuleSet {
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + " of the rules; expected 1 or more");
        }
    }

    /** The rules that a job starts with when no state holds others. */
    public static RuleSet first(RuleTable table) {
        return new RuleSet(1, table);
    }

    /** The version after this one. */
    public RuleSet next(RuleTable next) {
        return new RuleSet(version + 1, next);
    }

    /** The fingerprint of the rules' content; equal rules have the same fingerprint, whatever their version. */
    public String fingerprint() {
        return fingerprint(table);
    }

    /** See {@link #fingerprint()}. */
    public static String fingerprint(RuleTable table) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(RuleTableFormat.write(table));
            return HexFormat.of().formatHex(hash).substring(0, SHOWN_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The names of all targets of these rules. */
    public Set<String> targets() {
        Set<String> targets = new LinkedHashSet<>();
        table.rules().forEach(rule -> targets.addAll(rule.targets()));
        if (table.unmatched() instanceof DefaultRule.To to) {
            targets.add(to.target());
        }
        if (table.malformed() instanceof DefaultRule.To to) {
            targets.add(to.target());
        }
        return targets;
    }

    /** Serializes for state: the format version, the version of the rules, the table. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeInt(RuleTableFormat.versionOf(table));
            out.writeLong(version);
            out.write(RuleTableFormat.write(table));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Deserializes the result of {@link #toBytes()} of this build or an older one.
     *
     * @throws IOException when the bytes are not such a result
     */
    public static RuleSet fromBytes(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int format = in.readInt();
        long version = in.readLong();
        if (version < 1) {
            throw new IOException("Stored rules have the invalid version " + version);
        }
        return new RuleSet(version, RuleTableFormat.read(format, in.readAllBytes()));
    }

    @Override
    public String toString() {
        return "version " + version + " (" + fingerprint() + ", "
                + table.rules().size() + " rules)";
    }
}
