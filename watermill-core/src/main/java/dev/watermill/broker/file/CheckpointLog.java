package dev.watermill.broker.file;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.LaneId;
import org.jspecify.annotations.Nullable;

/**
 * Reads and replaces a checkpoint while its lock is held.
 */
final class CheckpointLog implements CommitLog {

	private final Path file;

	private final Path written;

	private final LaneId owner;

	private final CheckpointLocks locks;

	private final boolean fsync;

	private boolean closed;

	CheckpointLog(Path file, LaneId owner, CheckpointLocks locks, boolean fsync) {
		this.file = file;
		this.written = file.resolveSibling(file.getFileName() + ".part");
		this.owner = owner;
		this.locks = locks;
		this.fsync = fsync;
	}

	@Override
	public @Nullable Checkpoint read() {
		try {
			if (!Files.exists(this.file)) {
				return null;
			}
			return CheckpointText.parse(Files.readString(this.file), this.owner);
		}
		catch (IOException | IllegalArgumentException ex) {
			throw new BrokerException("The checkpoint " + this.file + " of the mill '" + this.owner.mill()
					+ "' can't be used: " + ex.getMessage() + ". Restore it, or reset the mill to begin at the start.",
					ex);
		}
	}

	/**
	 * Return the lock of a file that this mill writes.
	 */
	@Nullable OutputLock lock(Path output) {
		return this.locks.of(output);
	}

	@Override
	public void commit(Checkpoint checkpoint) {
		if (this.closed) {
			throw new IllegalStateException("The checkpoint " + this.file + " is closed");
		}
		byte[] text = CheckpointText.of(checkpoint, this.owner).getBytes(StandardCharsets.UTF_8);
		try {
			// No channel, since interrupting the thread would close it
			try (FileOutputStream out = new FileOutputStream(this.written.toFile())) {
				out.write(text);
				if (this.fsync) {
					out.getFD().sync();
				}
			}
			Files.move(this.written, this.file, StandardCopyOption.ATOMIC_MOVE);
			if (this.fsync) {
				Directories.sync(this.file);
			}
		}
		catch (IOException ex) {
			throw new BrokerException("The checkpoint " + this.file + " of the mill '" + this.owner.mill()
					+ "' can't be written: " + ex.getMessage()
					+ ". Make room or give permission, then start the mill again: it goes on from its last commit.",
					ex);
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
