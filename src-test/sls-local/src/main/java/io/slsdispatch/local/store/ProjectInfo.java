package io.slsdispatch.local.store;

import io.slsdispatch.local.wire.ErrorCode;
import io.slsdispatch.local.wire.Refusal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A project.
 *
 * @param name its name, which is the first label of the host that serves it
 * @param description description given by its owner
 * @param createdSecond unix seconds
 */
public record ProjectInfo(String name, String description, long createdSecond) {

    private static final Pattern NAME = Pattern.compile("[0-9a-z][0-9a-z-]{1,61}[0-9a-z]");
    private static final ZoneId ZONE = ZoneOffset.UTC;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    public ProjectInfo {
        if (!NAME.matcher(name).matches()) {
            throw new Refusal(
                    ErrorCode.PARAMETER_INVALID,
                    "project name '" + name + "' is not 3 to 63 of a-z, 0-9 and - with a letter or digit at each end");
        }
    }

    /** The response to GetProject, and an element of the response to ListProject. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        String created = TIME.format(Instant.ofEpochSecond(createdSecond).atZone(ZONE));
        json.put("projectName", name);
        json.put("description", description);
        json.put("status", "Normal");
        json.put("owner", "");
        json.put("region", "local");
        json.put("createTime", created);
        json.put("lastModifyTime", created);
        return json;
    }
}
