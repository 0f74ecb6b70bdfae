package io.slsdispatch.demo;

import java.net.URI;
import java.nio.file.Path;

/** The job configuration of the demo. */
final class DemoConfig {

    /** Every other app gets a logstore of its own, when its first logs arrive. */
    private static final String NEW_APPS = """
              - name: apps
                logstore: "{topic}-logs"
                allow: "app-*"
                when-missing: create
                create: {shards: 2, on-failure: fail}
                when-invalid: fail
                on-reject: fail
                on-outage: block
            """;

    private DemoConfig() {}

    static String yaml(URI endpoint, Path credentials) {
        StringBuilder yaml =
                new StringBuilder("""
                name: sls-dispatch demo

                source:
                  endpoint: %s
                  project: %s
                  logstore: all-logs
                  credentials:
                    file: '%s'
                  consumer-group: sls-dispatch
                  start: begin
                  discovery:
                    interval: 2s
                    settle-time: 1s

                targets:
                """.formatted(endpoint, SlsLocalProcess.PROJECT, credentials.toAbsolutePath()));
        Demo.TARGETS.forEach(target ->
                yaml.append("  - logstore: ").append(target.logstore()).append('\n'));
        yaml.append(NEW_APPS).append("\nroutes:\n");
        Demo.TARGETS.forEach(target -> yaml.append("  - topic: ")
                .append(target.topic())
                .append("\n    to: ")
                .append(target.logstore())
                .append('\n'));
        yaml.append("  - topic: {prefix: app-}\n    to: apps\n");
        return yaml.append("\ndefault-route: drop\n").toString();
    }
}
