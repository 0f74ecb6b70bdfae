package io.slsdispatch.job.redrive;

import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.connector.text.Secrets;
import io.slsdispatch.connector.text.SmallFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a redrive in a file, so that the next run continues: for each shard a cursor up to which nothing is
 * left to send, and the ids of the dead letters beyond these cursors that are sent. A cursor never passes a dead letter
 * that is still to be sent, so the next run retries those that could not be sent.
 *
 * <p>The file is text with one entry per line. It is replaced as a whole when cursors move, and appended to when only
 * ids are added. An incomplete last line, left by a process that died, is ignored. Not thread-safe.
 */
public final class RedriveState {

    private static final String FORM = "sls-dispatch redrive state 1";
    private static final String SELECTION = "selection ";
    private static final String CURSOR = "cursor ";
    private static final String SENT = "sent ";

    /** The ids of several million dead letters. */
    private static final int MAX_BYTES = 256 << 20;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

    private final @Nullable Path file;
    private final String selection;
    private final Map<String, String> cursors = new LinkedHashMap<>();
    private final List<String> sent = new ArrayList<>();
    private final StringBuilder unwritten = new StringBuilder();
    private boolean written;

    private RedriveState(@Nullable Path file, String selection) {
        this.file = file;
        this.selection = selection;
    }

    /** A state that stores nothing: each run starts from the beginning. */
    public static RedriveState none() {
        return new RedriveState(null, "");
    }

    /**
     * Reads a file, or starts from the beginning if there is none.
     *
     * @param selection description of the run in one line; the file of a run with another description is refused
     * @throws IllegalArgumentException when the file is not a state file, or belongs to another run; the message says
     *     so
     */
    public static RedriveState in(Path file, String selection) throws IOException {
        RedriveState state = new RedriveState(file, selection);
        String text;
        try {
            text = SmallFile.text(file, MAX_BYTES);
        } catch (NoSuchFileException noneYet) {
            return state;
        }
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        List<String> lines = whole.lines().toList();
        if (lines.size() < 2 || !lines.get(0).equals(FORM)) {
            throw new IllegalArgumentException(
                    file + " is not a state file that this build supports: it does not start with '" + FORM
                            + "'. Use another file.");
        }
        if (!lines.get(1).equals(SELECTION + selection)) {
            throw new IllegalArgumentException(file + " is the state file of another redrive. It was written for\n  "
                    + ForeignText.name(
                            lines.get(1)
                                    .substring(Math.min(
                                            SELECTION.length(), lines.get(1).length())),
                            Secrets.NONE,
                            ForeignText.MESSAGE)
                    + "\nbut the options select\n  "
                    + selection + "\nUse the same options, or another file.");
        }
        lines.subList(2, lines.size()).forEach(line -> state.read(line, file));
        return state;
    }

    private void read(String line, Path from) {
        int space = line.lastIndexOf(' ');
        String last = line.substring(space + 1);
        if (line.startsWith(SENT) && ID.matcher(last).matches()) {
            sent.add(last);
        } else if (line.startsWith(CURSOR) && space > CURSOR.length()) {
            cursors.put(line.substring(CURSOR.length(), space), last);
        } else {
            throw new IllegalArgumentException(
                    from + " is corrupt: unknown line '" + ForeignText.name(line, Secrets.NONE, ForeignText.NAME)
                            + "'. Use another file; the run then starts from the beginning.");
        }
    }

    /** Whether there is no earlier progress. */
    public boolean isNew() {
        return cursors.isEmpty() && sent.isEmpty();
    }

    /** The positions from which to continue, by shard name. */
    Map<String, String> cursors() {
        return Map.copyOf(cursors);
    }

    /** The ids of dead letters that are sent and are beyond the cursors. */
    List<String> sent() {
        return List.copyOf(sent);
    }

    /** Writes the file as it was read, or a new one, to verify before anything is sent that it can be written. */
    public void open() throws IOException {
        replace();
    }

    /** Records that a dead letter is sent; {@link #keep} or {@link #moveTo} stores it. */
    void sent(String id) {
        if (file != null) {
            unwritten.append(SENT).append(id).append('\n');
        }
    }

    /** Stores the ids of what was sent since the last call. */
    void keep() throws IOException {
        if (file == null || unwritten.length() == 0) {
            return;
        }
        if (!written) {
            replace();
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            write(channel, unwritten.toString());
        }
        unwritten.setLength(0);
    }

    /** Stores that nothing is left to send before these cursors. */
    void moveTo(Map<String, String> newCursors) throws IOException {
        cursors.clear();
        cursors.putAll(newCursors);
        sent.clear();
        unwritten.setLength(0);
        if (file != null) {
            replace();
        }
    }

    private void replace() throws IOException {
        Path target = file;
        if (target == null) {
            return;
        }
        StringBuilder text = new StringBuilder(FORM).append('\n');
        text.append(SELECTION).append(selection).append('\n');
        cursors.forEach((shard, cursor) ->
                text.append(CURSOR).append(shard).append(' ').append(cursor).append('\n'));
        sent.forEach(id -> text.append(SENT).append(id).append('\n'));
        text.append(unwritten);
        Path next = target.resolveSibling(target.getFileName() + ".next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, text.toString());
        }
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        unwritten.setLength(0);
        written = true;
    }

    private static void write(FileChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }
}
