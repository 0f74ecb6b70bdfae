package io.slsdispatch.job.cli;

import io.slsdispatch.connector.client.SlsClientFactory;
import io.slsdispatch.connector.config.ConnectionConfig;
import io.slsdispatch.connector.text.ForeignText;
import io.slsdispatch.job.output.Json;
import io.slsdispatch.job.yaml.InvalidConfigException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;

/**
 * Environment in which a command runs.
 *
 * @param environment values of the variables of a configuration
 * @param clients factory of clients of the service
 * @param clock clock of this machine
 * @param out receives results
 * @param err receives errors, and progress that is not part of a result
 * @param json whether the output is JSON, which then includes errors, too
 */
record Terminal(
        Map<String, String> environment,
        Function<ConnectionConfig, SlsClientFactory> clients,
        Clock clock,
        PrintWriter out,
        PrintWriter err,
        boolean json) {

    Terminal {
        out = VisibleWriter.of(out);
        err = VisibleWriter.of(err);
    }

    /** A sub-command, which does something other than start the job. */
    interface SubCommand {

        /**
         * Runs the sub-command.
         *
         * @return one of the {@link ExitCode}s
         * @throws InvalidConfigException when a configuration cannot be read; the caller reports it
         */
        int run(Terminal terminal) throws Exception;
    }

    /** Returns this terminal with or without JSON output. */
    Terminal answeringInJson(boolean inJson) {
        return new Terminal(environment, clients, clock, out, err, inJson);
    }

    /** Reports invalid arguments. Returns the exit code. */
    int refuse(String message) {
        return fail(ExitCode.BAD_CONFIGURATION, message);
    }

    /** Reports why there is no result. Returns the exit code. */
    int fail(int exitCode, String message) {
        warn(message);
        if (json) {
            Json.print(out, Json.object("error", message));
        }
        return exitCode;
    }

    /** Prints a warning next to the result. */
    void warn(String message) {
        err.println(message);
        err.flush();
    }

    /** Clears the screen, and moves the cursor to its upper left corner. */
    void clearScreen() {
        ((VisibleWriter) out).clear();
    }

    /**
     * Writer to a terminal that shows characters that a terminal interprets, or that are invisible, as
     * <code>\\u001b</code>: whatever a command prints, an external text in it cannot control the terminal. Line ends
     * are written as they are.
     */
    private static final class VisibleWriter extends PrintWriter {

        private static final String CLEAR = "\u001b[H\u001b[2J";

        private VisibleWriter(PrintWriter out) {
            super(out, true);
        }

        static VisibleWriter of(PrintWriter out) {
            return out instanceof VisibleWriter visible ? visible : new VisibleWriter(out);
        }

        @Override
        public void write(int character) {
            write(String.valueOf((char) character));
        }

        @Override
        public void write(char[] characters, int offset, int length) {
            write(new String(characters, offset, length));
        }

        @Override
        public void write(String text) {
            write(text, 0, text.length());
        }

        @Override
        public void write(String text, int offset, int length) {
            int begin = offset;
            int end = offset + length;
            for (int at = begin; at < end; at++) {
                if (text.charAt(at) == '\n') {
                    writeLine(text.substring(begin, at));
                    super.write("\n", 0, 1);
                    begin = at + 1;
                }
            }
            writeLine(text.substring(begin, end));
        }

        void clear() {
            super.write(CLEAR, 0, CLEAR.length());
        }

        private void writeLine(String line) {
            String visible = ForeignText.visible(line);
            super.write(visible, 0, visible.length());
        }
    }
}
