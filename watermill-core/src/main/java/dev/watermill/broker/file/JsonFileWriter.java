package dev.watermill.broker.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.StreamWriter;
import dev.watermill.broker.lock.internal.OutputLock;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Writes results to a file. After a failure it writes nothing more: what it wrote since
 * the last flush is taken back when the sink is opened again.
 *
 * @param <R> the type of the results
 */
final class JsonFileWriter<R> implements StreamWriter<R> {

	private final OutputFile target;

	private final OutputLock lock;

	private final boolean ownLock;

	private final FileOutput out;

	private final ElementOutput output;

	private final boolean array;

	private long count;

	private long body;

	private boolean ended;

	private boolean failed;

	// The results since the last flush
	private ElementOutput.@Nullable Run run;

	/**
	 * Create a writer.
	 * @param target the file
	 * @param lock the lock of the file
	 * @param ownLock whether to let go of the lock when this is closed
	 * @param out the open end of the file
	 * @param output what writes results to it
	 * @param count how many results stand in it
	 */
	JsonFileWriter(OutputFile target, OutputLock lock, boolean ownLock, FileOutput out, ElementOutput output,
			long count) {
		this.target = target;
		this.lock = lock;
		this.ownLock = ownLock;
		this.out = out;
		this.output = output;
		this.array = target.file().format().array();
		this.count = count;
	}

	@Override
	public void write(R result) {
		if (this.ended) {
			throw new IllegalStateException(
					"The stream '" + this.target.file().stream() + "' has ended, so nothing can be written to it");
		}
		begin();
		try {
			ElementOutput.Run run = this.run;
			if (run == null) {
				run = beginRun();
				this.run = run;
			}
			run.write(result);
			this.count++;
			this.failed = false;
		}
		catch (Exception ex) {
			throw failure(ex);
		}
	}

	private ElementOutput.Run beginRun() throws IOException {
		return this.array ? this.output.begin((this.count > 0) ? ",\n" : "[\n", ",\n") : this.output.begin("", "\n");
	}

	@Override
	public void endOfStream() {
		attempt(() -> {
			endRun();
			// the end stands apart, so that it can be taken back when the mill goes on
			this.body = this.out.commit(true);
			if (this.array) {
				this.out.write(((this.count > 0) ? "\n]\n" : "[]\n").getBytes(StandardCharsets.US_ASCII));
			}
			this.out.endEmpty();
			this.ended = true;
		});
	}

	@Override
	public Position flush() {
		attempt(() -> {
			endRun();
			this.out.commit(this.ended);
			if (!this.out.isThere()) {
				throw this.target.file()
					.failure(this.target.written(), "is not the one any more that the mill writes: somebody removed, "
							+ "replaced or cut it since the last commit. Restore it as it was, or reset the mill to "
							+ "begin at the start.", null);
			}
		});
		return new OutputPosition(this.out.length(), this.count, this.out.tailChecksum(), this.body, this.ended,
				this.out.openMember())
			.toPosition();
	}

	private void endRun() throws IOException {
		ElementOutput.Run ended = this.run;
		this.run = null;
		if (ended != null) {
			ended.end(this.array ? "" : "\n");
		}
	}

	private void attempt(Action action) {
		begin();
		try {
			action.run();
			this.failed = false;
		}
		catch (Exception ex) {
			throw failure(ex);
		}
	}

	private void begin() {
		if (this.failed) {
			throw new BrokerException("Stream '" + this.target.file().stream() + "': writing the file "
					+ this.target.written() + " has failed before. Open it again.");
		}
		this.failed = true;
	}

	private BrokerException failure(Exception cause) {
		// Jackson wraps what is thrown while it writes
		for (Throwable reason = cause; reason != null; reason = reason.getCause()) {
			if (reason instanceof BrokerException broker) {
				return broker;
			}
		}
		Throwable source = (cause instanceof JacksonIOException) ? cause.getCause() : cause;
		if (source instanceof IOException io) {
			return this.target.unwritable(io);
		}
		return this.target.file()
			.failure(this.target.written(),
					"can't take the result number " + (this.count + 1) + ", which can't be written as JSON: "
							+ JacksonProblem.of(cause) + ". Correct its Java type, or give the stream a serializer.",
					cause);
	}

	@Override
	public void committed(boolean completed) {
		if (completed) {
			attempt(() -> {
				this.out.close();
				this.lock.write(this.target::rename);
			});
		}
	}

	@Override
	public void close() {
		this.failed = true;
		try (OutputLock held = this.ownLock ? this.lock : null) {
			this.out.close();
		}
		catch (IOException ex) {
			// What counts was flushed
		}
	}

	/**
	 * A part of the work of a writer.
	 */
	private interface Action {

		void run() throws Exception;

	}

}
