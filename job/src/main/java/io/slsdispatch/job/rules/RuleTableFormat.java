package io.slsdispatch.job.rules;

import io.slsdispatch.job.rules.RuleTable.DefaultRule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The binary format of a {@link RuleTable} in checkpoints and savepoints. Version 1: unmatched, malformed, then the
 * rules. Version 2: each rule ends with the logstore that it names, empty for none. A table without such a logstore is
 * written in version 1, which keeps its fingerprint and lets older builds read it. Texts are stored as their characters,
 * which preserves bytes that are not UTF-8. Equal tables have equal bytes.
 */
final class RuleTableFormat {

    private static final int WITHOUT_LOGSTORES = 1;
    private static final int VERSION = 2;

    private static final int MAX_LENGTH = 1 << 24;

    private static final byte DROP = 0;
    private static final byte FAIL = 1;
    private static final byte TO = 2;

    private static final byte ANY = 0;
    private static final byte EXACTLY = 1;
    private static final byte PREFIX = 2;
    private static final byte GLOB = 3;
    private static final byte REGEX = 4;
    private static final byte ANY_OF = 5;

    private RuleTableFormat() {}

    /** The version in which {@link #write} serializes a table: the oldest that can hold it. */
    static int versionOf(RuleTable table) {
        return table.rules().stream().allMatch(rule -> rule.logstore() == null) ? WITHOUT_LOGSTORES : VERSION;
    }

    /** Serializes the table in format {@link #versionOf}. */
    static byte[] write(RuleTable table) {
        int version = versionOf(table);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            write(table.unmatched(), out);
            write(table.malformed(), out);
            out.writeInt(table.rules().size());
            for (Rule rule : table.rules()) {
                write(rule, version, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Deserializes the result of {@link #write}.
     *
     * @throws IOException when the bytes are not such a result
     */
    static RuleTable read(int version, byte[] bytes) throws IOException {
        if (version < WITHOUT_LOGSTORES || version > VERSION) {
            throw new IOException("Stored rules have version " + version + "; this build supports versions "
                    + WITHOUT_LOGSTORES + " to " + VERSION + ". They were written by a newer build.");
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        DefaultRule unmatched = readDefault(in);
        DefaultRule malformed = readDefault(in);
        int count = count(in);
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(readRule(version, in));
        }
        if (in.available() > 0) {
            throw new IOException(in.available() + " unexpected bytes after the rules");
        }
        try {
            return new RuleTable(rules, unmatched, malformed);
        } catch (IllegalArgumentException e) {
            throw new IOException("Invalid stored rules: " + e.getMessage(), e);
        }
    }

    private static void write(Rule rule, int version, DataOutputStream out) throws IOException {
        write(rule.name(), out);
        write(rule.topic(), out);
        write(rule.source(), out);
        out.writeInt(rule.tags().size());
        for (Map.Entry<String, TextMatch> tag : rule.tags().entrySet()) {
            write(tag.getKey(), out);
            write(tag.getValue(), out);
        }
        out.writeInt(rule.targets().size());
        for (String target : rule.targets()) {
            write(target, out);
        }
        out.writeBoolean(rule.continues());
        if (version > WITHOUT_LOGSTORES) {
            write(Objects.requireNonNullElse(rule.logstore(), ""), out);
        }
    }

    private static Rule readRule(int version, DataInputStream in) throws IOException {
        String name = readText(in);
        TextMatch topic = readMatch(in);
        TextMatch source = readMatch(in);
        Map<String, TextMatch> tags = new TreeMap<>();
        int tagCount = count(in);
        for (int i = 0; i < tagCount; i++) {
            String key = readText(in);
            tags.put(key, readMatch(in));
        }
        List<String> targets = new ArrayList<>();
        int targetCount = count(in);
        for (int i = 0; i < targetCount; i++) {
            targets.add(readText(in));
        }
        boolean continues = in.readBoolean();
        String logstore = version > WITHOUT_LOGSTORES ? readText(in) : "";
        try {
            return new Rule(name, topic, source, tags, targets, continues, logstore.isEmpty() ? null : logstore);
        } catch (IllegalArgumentException e) {
            throw new IOException("Invalid stored rule: " + e.getMessage(), e);
        }
    }

    private static void write(DefaultRule rule, DataOutputStream out) throws IOException {
        if (rule instanceof DefaultRule.To to) {
            out.writeByte(TO);
            write(to.target(), out);
        } else {
            out.writeByte(rule instanceof DefaultRule.Drop ? DROP : FAIL);
        }
    }

    private static DefaultRule readDefault(DataInputStream in) throws IOException {
        byte kind = in.readByte();
        return switch (kind) {
            case DROP -> new DefaultRule.Drop();
            case FAIL -> new DefaultRule.Fail();
            case TO -> new DefaultRule.To(readText(in));
            default -> throw new IOException("Stored rules contain an unknown default rule: " + kind);
        };
    }

    private static void write(TextMatch match, DataOutputStream out) throws IOException {
        if (match instanceof TextMatch.Exactly exactly) {
            write(EXACTLY, exactly.text(), out);
        } else if (match instanceof TextMatch.Prefix prefix) {
            write(PREFIX, prefix.prefix(), out);
        } else if (match instanceof TextMatch.Glob glob) {
            write(GLOB, glob.pattern().text(), out);
        } else if (match instanceof TextMatch.Regex regex) {
            write(REGEX, regex.pattern().pattern(), out);
        } else if (match instanceof TextMatch.AnyOf several) {
            out.writeByte(ANY_OF);
            out.writeInt(several.alternatives().size());
            for (TextMatch alternative : several.alternatives()) {
                write(alternative, out);
            }
        } else {
            out.writeByte(ANY);
        }
    }

    private static void write(byte kind, String text, DataOutputStream out) throws IOException {
        out.writeByte(kind);
        write(text, out);
    }

    private static TextMatch readMatch(DataInputStream in) throws IOException {
        byte kind = in.readByte();
        try {
            return switch (kind) {
                case ANY -> TextMatch.ANY;
                case EXACTLY -> TextMatch.exactly(readText(in));
                case PREFIX -> TextMatch.prefix(readText(in));
                case GLOB -> TextMatch.storedGlob(readText(in));
                case REGEX -> TextMatch.storedRegex(readText(in));
                case ANY_OF -> {
                    List<TextMatch> alternatives = new ArrayList<>();
                    int count = count(in);
                    for (int i = 0; i < count; i++) {
                        alternatives.add(readMatch(in));
                    }
                    yield new TextMatch.AnyOf(alternatives);
                }
                default -> throw new IOException("Stored rules contain an unknown condition: " + kind);
            };
        } catch (IllegalArgumentException e) {
            throw new IOException("Invalid stored condition: " + e.getMessage(), e);
        }
    }

    private static void write(String text, DataOutputStream out) throws IOException {
        out.writeInt(text.length());
        out.writeChars(text);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = count(in);
        StringBuilder text = new StringBuilder(Math.min(length, 1 << 10));
        for (int i = 0; i < length; i++) {
            text.append(in.readChar());
        }
        return text.toString();
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_LENGTH) {
            throw new IOException("Stored rules contain the invalid length " + count);
        }
        return count;
    }
}
