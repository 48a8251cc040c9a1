package dev.watermill.broker.lock.internal;

import java.io.IOException;
import java.nio.file.Path;

import dev.watermill.broker.CommitLog;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.MillTakenOverException;
import org.jspecify.annotations.Nullable;

/**
 * The lock of a file that a mill writes, or commits to: by its real path, whatever name
 * it is given.
 * <p>
 * Mills that commit beside their files hold it alone, from before they read where they
 * are until they let go of everything: a second start is refused. Mills that commit in
 * transactions can be taken over while they are alive, asleep, or in the middle of a
 * call. There the lock is held while the file is cut or written only, and whoever has
 * been taken over finds, under it, that it may write no more.
 *
 * @since 0.1.0
 */
public final class OutputLock implements AutoCloseable {

	private static final String SUFFIX = ".lock";

	private final Path path;

	private final String mill;

	private final LockFile file;

	/** Who may write, {@code null} if nobody else can. */
	private final @Nullable String session;

	private boolean closed;

	private OutputLock(Path path, String mill, LockFile file, @Nullable String session) {
		this.path = path;
		this.mill = mill;
		this.file = file;
		this.session = session;
	}

	/**
	 * Take the lock for as long as it is not closed.
	 * @param path the real path of the file
	 * @param mill who asks, in words
	 * @param session who asks, for the lock: the same one may have it more than once
	 * @return the lock, to be closed by the caller
	 * @throws IOException if it can't be locked
	 * @throws MillTakenOverException if another uses the file
	 */
	public static OutputLock alone(Path path, String mill, String session) throws IOException {
		return new OutputLock(path, mill, enter(path, mill, session, true), null);
	}

	/**
	 * Take the file over from those that hold the place of commits no more.
	 * @param path the real path of the file
	 * @param holder who holds it
	 * @param requireHeld fails if it does not
	 * @return the lock, to be closed by the caller
	 * @throws IOException if it can't be locked
	 * @throws MillTakenOverException if another mill uses the file
	 */
	public static OutputLock claim(Path path, CommitLog.Holder holder, Runnable requireHeld) throws IOException {
		String mill = name(holder.lane());
		LockFile file = enter(path, mill, holder.place(), false);
		try {
			file.claim(holder.session(), requireHeld);
		}
		catch (LockFile.HeldException ex) {
			file.leave();
			throw held(path, mill, ex.getMessage());
		}
		catch (IOException | RuntimeException ex) {
			file.leave();
			throw ex;
		}
		return new OutputLock(path, mill, file, holder.session());
	}

	private static LockFile enter(Path path, String mill, String user, boolean alone) throws IOException {
		Path directory = RealPath.createDirectory(path).toRealPath();
		try {
			return LockFile.enter(directory.resolve(path.getFileName() + SUFFIX), user, alone);
		}
		catch (LockFile.HeldException ex) {
			throw held(path, mill, ex.getMessage());
		}
	}

	private static MillTakenOverException held(Path path, String mill, @Nullable String where) {
		return new MillTakenOverException("The file " + path + " is in use " + where + ", so " + mill
				+ " can't start: it, or another that writes the same file, is running already. Stop that one first.");
	}

	/**
	 * Say whose a lock is.
	 * @param owner whose
	 * @return a text for people
	 */
	public static String name(LaneId owner) {
		return "the mill '" + owner.mill() + "'" + ((owner.lane() > 0) ? " (lane " + owner.lane() + ")" : "");
	}

	/**
	 * Whether this is the lock of a file.
	 */
	boolean isOf(Path other) {
		return this.path.equals(other);
	}

	/**
	 * Do something with the file while nobody else does.
	 * @param action what to do
	 * @throws IOException if that fails
	 * @throws MillTakenOverException if another instance of the mill has taken it over
	 */
	public void write(FileAction action) throws IOException {
		if (this.session == null) {
			action.run();
			return;
		}
		try {
			this.file.write(this.session, action);
		}
		catch (LockFile.TakenOverException ex) {
			throw new WriterTakenOverException(
					new MillTakenOverException("another instance took over " + this.mill + " and writes the file "
							+ this.path + ", so this one can write nothing. Start it again to take it back.", ex));
		}
	}

	@Override
	public void close() throws IOException {
		if (!this.closed) {
			this.closed = true;
			this.file.leave();
		}
	}

	/**
	 * Something done with a file.
	 */
	@FunctionalInterface
	public interface FileAction {

		/**
		 * Do it.
		 * @throws IOException if it fails
		 */
		void run() throws IOException;

	}

	/**
	 * Carries a take-over through code that knows failures of files only.
	 */
	public static final class WriterTakenOverException extends IOException {

		private static final long serialVersionUID = 1L;

		private final MillTakenOverException reason;

		WriterTakenOverException(MillTakenOverException reason) {
			super(reason.getMessage(), reason);
			this.reason = reason;
		}

		/**
		 * Return what happened.
		 * @return the take-over
		 */
		public MillTakenOverException reason() {
			return this.reason;
		}

	}

}
