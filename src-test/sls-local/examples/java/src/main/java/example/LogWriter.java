package example;

import com.aliyun.openservices.log.Client;
import com.aliyun.openservices.log.common.LogItem;
import com.aliyun.openservices.log.exception.LogException;
import java.util.List;

/** Writes messages to one logstore with the official SDK. */
public final class LogWriter {

    private static final int ATTEMPTS = 3;

    private final Client client;
    private final String project;
    private final String logstore;

    public LogWriter(Client client, String project, String logstore) {
        this.client = client;
        this.project = project;
        this.logstore = logstore;
    }

    /** Writes a message. Tries again while the service is busy. */
    public void write(String topic, String message) throws LogException {
        LogItem log = new LogItem();
        log.PushBack("message", message);
        for (int attempt = 1; ; attempt++) {
            try {
                client.PutLogs(project, logstore, topic, List.of(log), "");
                return;
            } catch (LogException failed) {
                if (attempt == ATTEMPTS || failed.getHttpCode() < 500) {
                    throw failed;
                }
            }
        }
    }
}
