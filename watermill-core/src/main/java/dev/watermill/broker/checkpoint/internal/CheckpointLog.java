package dev.watermill.broker.checkpoint.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.lock.internal.FullDisk;
import dev.watermill.broker.lock.internal.OutputLocks;
import org.jspecify.annotations.Nullable;

/**
 * Reads and replaces a checkpoint while its lock is held.
 */
final class CheckpointLog implements CommitLog {

	private final Path file;

	private final LaneId owner;

	private final OutputLocks locks;

	private final boolean fsync;

	private final String session;

	private CommitLog.Origin origin = CommitLog.Origin.UNKNOWN;

	/** What stands in the file. */
	private Checkpoint last = new Checkpoint(Map.of(), Map.of(), false);

	private boolean closed;

	CheckpointLog(Path file, CommitScope scope, OutputLocks locks, boolean fsync) {
		this.file = file;
		this.owner = scope.lane();
		this.session = scope.session();
		this.locks = locks;
		this.fsync = fsync;
	}

	@Override
	public @Nullable Checkpoint read() {
		try {
			if (!Files.exists(this.file)) {
				return null;
			}
			CheckpointText text = CheckpointText.parse(Files.readString(this.file), this.owner);
			this.origin = new CommitLog.Origin(text.session(), text.session(), text.leftFor(), Set.of());
			this.last = text.checkpoint();
			return (text.leftFor() != null) ? null : text.checkpoint();
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new BrokerException("The checkpoint " + this.file + " of the mill '" + this.owner.mill()
					+ "' can't be used: " + ex.getMessage() + ". Restore it, or reset the mill to begin at the start.",
					ex);
		}
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		return OutputLocks.HELD.answer(key, this.locks);
	}

	@Override
	public CommitLog.Origin origin() {
		return this.origin;
	}

	@Override
	public void leave(String place) {
		write(new CheckpointText(this.last, this.session, place));
	}

	@Override
	public void commit(Checkpoint checkpoint) {
		write(new CheckpointText(checkpoint, this.session, null));
		this.last = checkpoint;
	}

	private void write(CheckpointText content) {
		if (this.closed) {
			throw new IllegalStateException("The checkpoint " + this.file + " is closed");
		}
		byte[] text = content.toString(this.owner).getBytes(StandardCharsets.UTF_8);
		try {
			Replacement.write(this.file, text, this.fsync);
		}
		catch (IOException ex) {
			throw FullDisk.unwritable("The checkpoint " + this.file + " of the mill '" + this.owner.mill()
					+ "' can't be written: " + ex.getMessage(), this.file, ex);
		}
	}

	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.locks.close();
	}

}
