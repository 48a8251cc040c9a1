package dev.watermill.engine.internal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.watermill.broker.BrokerException;
import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.ResultMetadata;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.count.internal.CommittedCounter;
import dev.watermill.delivery.EndOfStream;
import dev.watermill.delivery.Result;
import dev.watermill.engine.Output;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The open output streams of a lane. Each result goes to the stream of its own type.
 */
final class Outputs implements AutoCloseable {

	private final List<Open> open = new ArrayList<>();

	/** What they are, in the same order. */
	private final List<Output> outputs;

	/** The stream of the last result: the next one mostly goes there too. */
	private @Nullable Open last;

	private @Nullable Class<?> lastType;

	/** Whether any output takes over the headers that trace a request. */
	private final boolean carriesHeaders;

	private Map<String, byte[]> traceHeaders = Map.of();

	/** Makes the headers of the next result, {@code null} if they are there. */
	private @Nullable Supplier<Map<String, byte[]>> headersToCome;

	Outputs(MillPlan plan, @Nullable Checkpoint from, CommitLog log, LaneCounters counters) {
		this.outputs = plan.outputs();
		this.carriesHeaders = plan.outputs().stream().anyMatch((output) -> output.sink().carriesHeaders());
		try {
			for (Output output : plan.outputs()) {
				Position committed = (from != null) ? from.outputs().get(output.stream()) : null;
				CommittedCounter written = counters.results().getOrDefault(output.stream(), new CommittedCounter());
				this.open.add(new Open(output, open(output.sink(), committed, log), written));
			}
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	@SuppressWarnings("unchecked")
	private static StreamWriter<Object> open(StreamSink<?> sink, @Nullable Position committed, CommitLog log) {
		return ((StreamSink<Object>) sink).open(committed, log);
	}

	boolean carriesHeaders() {
		return this.carriesHeaders;
	}

	/**
	 * Set the headers that results take over from now on.
	 */
	void traceHeaders(Map<String, byte[]> headers) {
		if (headers != this.traceHeaders) {
			// mostly there are none, and a read costs less than a write
			this.traceHeaders = headers;
		}
	}

	/**
	 * Set what makes the headers that results take over from now on, once there is one.
	 */
	void traceHeaders(Supplier<Map<String, byte[]>> headers) {
		this.headersToCome = headers;
		// the next result is not like the last one
		this.last = null;
	}

	/**
	 * Whether anything was written since the last commit.
	 */
	boolean isWritten() {
		for (Open output : this.open) {
			if (output.count != output.committed) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Bring the counters of results up to date, which is not done for each of them.
	 */
	void count() {
		this.open.forEach(Open::count);
	}

	/**
	 * Write one result.
	 * @return whether it was the mark that ends the stream instead
	 * @throws PartlyWrittenException if it failed while it was written, though not by a
	 * {@link BrokerException}; whatever else is thrown came before
	 */
	boolean write(Object result) {
		Open target = this.last;
		if (target == null || result.getClass() != this.lastType) {
			if (result instanceof EndOfStream) {
				return true;
			}
			if (this.headersToCome != null) {
				this.traceHeaders = this.headersToCome.get();
				this.headersToCome = null;
			}
			if (result instanceof Result<?> envelope) {
				write(envelope.value(), envelope, route(envelope.value()));
				return false;
			}
			target = route(result);
			this.last = target;
			this.lastType = result.getClass();
		}
		if (target.keyed || this.carriesHeaders && !this.traceHeaders.isEmpty()) {
			write(result, null, target);
			return false;
		}
		try {
			target.writer.write(result);
		}
		catch (RuntimeException | Error ex) {
			throw whileWriting(ex);
		}
		target.count++;
		return false;
	}

	private static RuntimeException whileWriting(Throwable cause) {
		return (cause instanceof BrokerException known) ? known : new PartlyWrittenException(cause);
	}

	private void write(Object result, @Nullable Result<?> envelope, Open target) {
		KeyFunction<?> keyFunction = target.output.key();
		Object key = (envelope != null) ? envelope.key() : null;
		if (key == null && keyFunction != null) {
			key = key(keyFunction, result);
		}
		Map<String, byte[]> headers = new LinkedHashMap<>(this.traceHeaders);
		if (envelope != null) {
			headers.putAll(envelope.headers());
		}
		ResultMetadata metadata = new ResultMetadata(key, (envelope != null) ? envelope.timestamp() : null, headers);
		try {
			target.writer.write(result, metadata);
		}
		catch (RuntimeException | Error ex) {
			throw whileWriting(ex);
		}
		target.count++;
	}

	@SuppressWarnings("unchecked")
	private static Object key(KeyFunction<?> function, Object result) {
		if (function instanceof KeyFunction.OfLong<?> whole) {
			return ((KeyFunction.OfLong<Object>) whole).function().applyAsLong(result);
		}
		if (function instanceof KeyFunction.OfDouble<?> floating) {
			return ((KeyFunction.OfDouble<Object>) floating).function().applyAsDouble(result);
		}
		Object key = ((KeyFunction.OfObject<Object>) function).function().apply(result);
		if (key == null) {
			throw new IllegalStateException("the key '" + function.description() + "' of a result is null");
		}
		return key;
	}

	/**
	 * Check that a result can be written, as far as it is seen before.
	 * @throws IllegalStateException if it is of none of the streams
	 */
	void check(Object result) {
		Object value = (result instanceof Result<?> envelope) ? envelope.value() : result;
		if (value instanceof EndOfStream
				|| (this.last != null && !this.last.keyed && value.getClass() == this.lastType)) {
			return;
		}
		Open target = route(value);
		KeyFunction<?> keyFunction = target.output.key();
		if (keyFunction != null && value == result) {
			key(keyFunction, value);
		}
	}

	private Open route(Object result) {
		return this.open.get(ResultTypes.find(this.outputs, result));
	}

	void endOfStream() {
		this.open.forEach((output) -> output.writer.endOfStream());
	}

	Map<String, Position> flush() {
		Map<String, Position> lengths = new LinkedHashMap<>();
		for (Open output : this.open) {
			lengths.put(output.output.stream(), output.writer.flush());
		}
		return lengths;
	}

	void committed(boolean completed) {
		for (Open output : this.open) {
			output.writer.committed(completed);
			output.committed = output.count;
		}
	}

	@Override
	public void close() {
		this.open.forEach((output) -> output.writer.close());
	}

	private static final class Open {

		private final Output output;

		private final StreamWriter<Object> writer;

		private final CommittedCounter written;

		private final boolean keyed;

		private long count;

		private long committed;

		Open(Output output, StreamWriter<Object> writer, CommittedCounter written) {
			this.output = output;
			this.writer = writer;
			this.written = written;
			this.keyed = output.key() != null;
		}

		void count() {
			this.written.add(this.count - this.committed);
		}

	}

}
