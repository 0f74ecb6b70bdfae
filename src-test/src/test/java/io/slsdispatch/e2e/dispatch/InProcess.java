package io.slsdispatch.e2e.dispatch;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.slsdispatch.job.cli.DispatchCommand;
import io.slsdispatch.job.savepoint.FlinkSavepointReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;

/** A command of the product, run in this process. */
public record InProcess(int exitCode, String out, String err) {

    public static InProcess run(Object... arguments) throws Exception {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = DispatchCommand.run(
                texts,
                Optional.empty(),
                Optional.of(new FlinkSavepointReader()),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        return new InProcess(exitCode, out.toString(), err.toString());
    }

    public JsonObject json() {
        return JsonParser.parseString(out).getAsJsonObject();
    }
}
