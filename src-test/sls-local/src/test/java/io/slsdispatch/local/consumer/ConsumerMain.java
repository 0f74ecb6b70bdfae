package io.slsdispatch.local.consumer;

import com.aliyun.openservices.log.common.LogGroupData;
import com.aliyun.openservices.loghub.client.ClientWorker;
import com.aliyun.openservices.loghub.client.ILogHubCheckPointTracker;
import com.aliyun.openservices.loghub.client.config.LogHubConfig;
import com.aliyun.openservices.loghub.client.exceptions.LogHubCheckPointException;
import com.aliyun.openservices.loghub.client.interfaces.ILogHubProcessor;
import java.io.IOException;
import java.util.List;

/** One worker of a consumer group. Prints the shard and topic of each group it is given; ends with its input. */
final class ConsumerMain {

    private static final int HEARTBEAT_MILLIS = 300;
    private static final int TIMEOUT_SECONDS = 3;

    private ConsumerMain() {}

    public static void main(String[] arguments) throws Exception {
        LogHubConfig config = new LogHubConfig(
                "group",
                arguments[0],
                "http://sls.test",
                ConsumerLibraryTest.PROJECT,
                ConsumerLibraryTest.LOGSTORE,
                ConsumerLibraryTest.KEY.accessKeyId(),
                ConsumerLibraryTest.KEY.accessKeySecret(),
                LogHubConfig.ConsumePosition.BEGIN_CURSOR);
        config.setHeartBeatIntervalMillis(HEARTBEAT_MILLIS);
        config.setTimeoutInSeconds(TIMEOUT_SECONDS);
        ClientWorker worker = new ClientWorker(Processor::new, config);
        Thread thread = new Thread(worker);
        thread.start();
        awaitEndOfInput();
        worker.shutdown();
        thread.join();
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // Whatever comes is not of interest.
        }
    }

    private static final class Processor implements ILogHubProcessor {

        private int shard;

        @Override
        public void initialize(int id) {
            shard = id;
        }

        @Override
        public String process(List<LogGroupData> groups, ILogHubCheckPointTracker tracker) {
            groups.forEach(group -> System.out.println(
                    "read " + shard + " " + group.getFastLogGroup().getTopic()));
            save(tracker);
            return "";
        }

        @Override
        public void shutdown(ILogHubCheckPointTracker tracker) {
            save(tracker);
        }

        private static void save(ILogHubCheckPointTracker tracker) {
            try {
                tracker.saveCheckPoint(true);
            } catch (LogHubCheckPointException notSaved) {
                throw new IllegalStateException(notSaved);
            }
        }
    }
}
