package dev.watermill.broker.file;

import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

import dev.watermill.broker.CommitLog;
import dev.watermill.broker.CommitPlace;
import dev.watermill.broker.CommitScope;
import dev.watermill.broker.ParticipantKey;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.broker.checkpoint.internal.CheckpointFile;
import dev.watermill.broker.lock.internal.OutputLock;
import dev.watermill.broker.lock.internal.OutputLocks;
import dev.watermill.broker.lock.internal.RealPath;
import dev.watermill.codec.ElementEncoder;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a file of JSON.
 *
 * @param <R> the type of the results
 */
final class JsonFileSink<R> implements StreamSink<R> {

	private final BoundFile file;

	private final OutputFile target;

	private final JsonMapper mapper;

	private final Type type;

	private final @Nullable ElementEncoder<?> encoder;

	private final boolean fsync;

	/** What all lanes of an instance lock together, {@code null} if there is one lane. */
	private final OutputLocks.@Nullable Shared shared;

	// Whether what stands in the file is this mill's own
	private boolean own;

	JsonFileSink(BoundFile file, JsonMapper mapper, Type type, @Nullable ElementEncoder<?> encoder, boolean fsync,
			OutputLocks.@Nullable Shared shared) {
		this.file = file;
		this.target = new OutputFile(file, fsync);
		this.mapper = mapper;
		this.type = type;
		this.encoder = encoder;
		this.fsync = fsync;
		this.shared = shared;
	}

	@Override
	public String location() {
		return this.file.location();
	}

	@Override
	public Object resource() {
		return this.file.resource();
	}

	@Override
	public boolean writes(Object resource) {
		return this.file.isAt(resource);
	}

	@Override
	public void verify() {
		this.target.requireWritable();
	}

	@Override
	public void prepare(int lanes) {
		if (lanes > 1) {
			lane(lanes - 1);
		}
	}

	@Override
	public StreamSink<R> lane(int lane) {
		if (lane > 0) {
			throw this.file.failure("can be written by one lane only, but its mill has several, one for each partition "
					+ "of what it reads. Put " + LaneFiles.PLACEHOLDER + " into its name, as in "
					+ withLane(String.valueOf(this.file.path().getFileName()))
					+ ": then each lane writes a file of its own.", null);
		}
		return this;
	}

	private static String withLane(String name) {
		int dot = name.indexOf('.', 1);
		return (dot < 0) ? name + "-" + LaneFiles.PLACEHOLDER
				: name.substring(0, dot) + "-" + LaneFiles.PLACEHOLDER + name.substring(dot);
	}

	@Override
	public Optional<String> unfinishedLocation() {
		return this.file.format().array() ? Optional.of(this.target.written().toString()) : Optional.empty();
	}

	@Override
	public StreamWriter<R> open(@Nullable Position committed, CommitLog log) {
		verify();
		OutputPosition position = (committed != null) ? OutputPosition.of(committed, this.file) : OutputPosition.START;
		Path path = lockPath();
		OutputLock shared = log.participant(OutputLocks.HELD).flatMap((held) -> held.of(path)).orElse(null);
		try {
			RealPath.createDirectory(this.file.target());
			OutputLock lock = (shared != null) ? shared : lock(path, log);
			try {
				return open(position, committed == null, lock, shared == null);
			}
			catch (IOException | RuntimeException ex) {
				if (shared == null) {
					lock.close();
				}
				throw ex;
			}
		}
		catch (OutputLock.WriterTakenOverException ex) {
			throw ex.reason();
		}
		catch (IOException ex) {
			throw this.target.unwritable(ex);
		}
	}

	/**
	 * By which path this is locked: its real one, unless it is no plain file but a
	 * device.
	 */
	private Path lockPath() {
		Path real = this.file.resource();
		return (Files.exists(real) && !Files.isRegularFile(real)) ? this.file.path().toAbsolutePath() : real;
	}

	@Override
	public <P> Optional<P> participant(ParticipantKey<P> key) {
		if (this.shared != null && key.equals(OutputLocks.SHARED)) {
			return OutputLocks.SHARED.answer(key, this.shared);
		}
		return OutputLocks.FILE.answer(key, lockPath());
	}

	private OutputLock lock(Path path, CommitLog log) throws IOException {
		Optional<CommitLog.Holder> holder = log.holder();
		return holder.isPresent() ? OutputLock.claim(path, holder.get(), log::requireHeld) : OutputLock.alone(path,
				"the mill that writes the stream '" + this.file.stream() + "'", CommitScope.newSession());
	}

	private StreamWriter<R> open(OutputPosition position, boolean anew, OutputLock lock, boolean ownLock)
			throws IOException {
		lock.write(() -> {
			if (position.ended() && this.file.format().array()) {
				// the mill goes on after it completed: what is there stays until there is
				// more
				Files.copy(this.file.path(), this.target.written(), StandardCopyOption.REPLACE_EXISTING);
			}
			requireCommitted(position);
			if (anew) {
				requireReplaceable();
			}
		});
		this.own = true;
		FileOutput out = new FileOutput(this.target.written(), lock, position.body(), position.open(),
				this.file.format().gzip(), this.fsync);
		return new JsonFileWriter<>(this.target, lock, ownLock, out, output(out), position.count());
	}

	private ElementOutput output(FileOutput out) {
		boolean lines = !this.file.format().array();
		return (this.encoder != null) ? new CustomOutput(this.encoder, lines, out)
				: new JacksonOutput(this.mapper, this.type, lines, out);
	}

	private void requireCommitted(OutputPosition position) throws IOException {
		Path written = this.target.written();
		long found = Files.exists(written) ? Files.size(written) : 0;
		if (found < position.length()) {
			throw this.file.failure(written,
					"is shorter than it was at the last commit of its mill: expected at least " + position.length()
							+ " bytes, found " + (Files.exists(written) ? String.valueOf(found) : "no such file")
							+ ". Restore it, or reset the mill to begin at the start.",
					null);
		}
		if (position.length() > 0 && TailChecksum.before(written, position.length()) != position.tail()) {
			throw this.file.failure(written,
					"is not what it was at the last commit of its mill: it has another content before byte "
							+ position.length() + ". Somebody else wrote to it. Restore it, or reset the mill to "
							+ "begin at the start.",
					null);
		}
	}

	private void requireReplaceable() throws IOException {
		if (this.file.format().array() || this.own || this.file.overwrite()) {
			return;
		}
		if (Files.exists(this.file.path()) && Files.size(this.file.path()) > 0) {
			throw this.file.failure("is there already, and no checkpoint says that this mill wrote it. "
					+ "Move it away, choose another file, or set the stream's property '"
					+ JsonFileBroker.OVERWRITE_PROPERTY + "' to true to replace it.", null);
		}
	}

	@Override
	public boolean holds(Position committed) {
		OutputPosition position = OutputPosition.of(committed, this.file);
		boolean whole = position.ended() && this.file.format().array();
		Path path = whole ? this.file.path() : this.target.written();
		try {
			if (position.length() > 0 && Files.isRegularFile(path) && Files.size(path) >= position.length()
					&& TailChecksum.before(path, position.length()) == position.tail()) {
				return true;
			}
			requireReplaceable();
			return false;
		}
		catch (IOException ex) {
			throw this.target.unwritable(ex);
		}
	}

	@Override
	public void finish(Position committed) {
		OutputPosition position = OutputPosition.of(committed, this.file);
		Path written = this.target.written();
		try {
			if (this.file.format().array() && position.ended() && Files.exists(written)
					&& Files.size(written) == position.length()
					&& TailChecksum.before(written, position.length()) == position.tail()) {
				this.target.rename();
			}
		}
		catch (IOException ex) {
			throw this.target.unwritable(ex);
		}
	}

	@Override
	public void discard() {
		// Lines are cut when the file is opened, an array is replaced when it is whole
		this.own = true;
	}

	@Override
	public boolean isBatch() {
		return true;
	}

	@Override
	public Optional<CommitPlace> commitPlace() {
		return Optional.of(CheckpointFile.beside(this.file.target(), this.fsync));
	}

}
