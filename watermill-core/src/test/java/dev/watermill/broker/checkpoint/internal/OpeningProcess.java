package dev.watermill.broker.checkpoint.internal;

import java.nio.file.Path;

import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;

/**
 * Another process that opens a checkpoint.
 */
public final class OpeningProcess {

	private OpeningProcess() {
	}

	public static void main(String[] args) {
		try (CommitLog log = CheckpointFile.beside(Path.of(args[0]), false)
			.open(CommitScope.of(new LaneId("speed", 0)))) {
			System.out.println("opened " + log.read());
		}
	}

}
