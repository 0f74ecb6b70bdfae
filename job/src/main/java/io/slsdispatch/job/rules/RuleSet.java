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
 * One version of the rules of a job.
 *
 * @param version counts up from 1 in the life of a job, savepoints included
 * @param table the rules
 */
public record RuleSet(long version, RuleTable table) implements Serializable {

    private static final int SHOWN_DIGITS = 12;

    public RuleSet {
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + " of the rules; expected 1 or more");
        }
    }

    /** The rules that a job begins with when no state knows others. */
    public static RuleSet first(RuleTable table) {
        return new RuleSet(1, table);
    }

    /** The version after this one. */
    public RuleSet next(RuleTable next) {
        return new RuleSet(version + 1, next);
    }

    /** What tells rules apart by what they say: the same for equal rules, whatever their version. */
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

    /** The names of all targets that groups can go to by these rules. */
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

    /** The binary form, for state: the form's version, the rules' version, the table. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            out.writeInt(RuleTableFormat.VERSION);
            out.writeLong(version);
            out.write(RuleTableFormat.write(table));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * What {@link #toBytes()} gave, in this build or an older one.
     *
     * @throws IOException when it is none of that
     */
    public static RuleSet fromBytes(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        int format = in.readInt();
        long version = in.readLong();
        if (version < 1) {
            throw new IOException("Stored rules have the impossible version " + version);
        }
        return new RuleSet(version, RuleTableFormat.read(format, in.readAllBytes()));
    }

    @Override
    public String toString() {
        return "version " + version + " (" + fingerprint() + ", "
                + table.rules().size() + " rules)";
    }
}
