package dev.watermill.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.Checkpoint;
import dev.watermill.broker.CommitLog;
import dev.watermill.broker.ResultMetadata;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamWriter;
import dev.watermill.key.KeyFunction;
import dev.watermill.stream.Counter;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;

/**
 * The open output streams of a lane. Each result goes to the stream of its own type.
 */
final class Outputs implements AutoCloseable {

	private final List<Open> open = new ArrayList<>();

	/** The stream of the last result: the next one mostly goes there too. */
	private @Nullable Open last;

	private @Nullable Class<?> lastType;

	private long count;

	/** Whether any output takes over the headers that trace a request. */
	private final boolean carriesHeaders;

	private Map<String, byte[]> traceHeaders = Map.of();

	Outputs(MillPlan plan, @Nullable Checkpoint from, CommitLog log, MillCounters counters) {
		this.carriesHeaders = plan.outputs().stream().anyMatch((output) -> output.sink().carriesHeaders());
		try {
			for (Output output : plan.outputs()) {
				Position committed = (from != null) ? from.outputs().get(output.stream()) : null;
				Counter written = counters.results().getOrDefault(output.stream(), new Counter());
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
		this.traceHeaders = headers;
	}

	/**
	 * How many results were written through this object.
	 */
	long count() {
		return this.count;
	}

	/**
	 * Whether a result goes where the last one went, which is known by its class.
	 */
	boolean isLikeLast(Object result) {
		return result.getClass() == this.lastType;
	}

	void writeLikeLast(Object result) {
		write(result, Objects.requireNonNull(this.last));
	}

	void write(Object result) {
		if (result instanceof ResultEnvelope envelope) {
			write(envelope.value(), envelope, route(envelope.value()));
			return;
		}
		Open target = route(result);
		this.last = target;
		this.lastType = result.getClass();
		write(result, target);
	}

	private void write(Object result, Open target) {
		if (target.output.key() != null || !this.traceHeaders.isEmpty()) {
			write(result, null, target);
			return;
		}
		target.writer.write(result);
		target.written.increment();
		this.count++;
	}

	private void write(Object result, @Nullable ResultEnvelope envelope, Open target) {
		KeyFunction<?> keyFunction = target.output.key();
		Object key = (envelope != null) ? envelope.key() : null;
		if (key == null && keyFunction != null) {
			key = key(keyFunction, result);
		}
		Map<String, byte[]> headers = new LinkedHashMap<>(this.traceHeaders);
		if (envelope != null) {
			headers.putAll(envelope.headers());
		}
		target.writer.write(result, new ResultMetadata(key, (envelope != null) ? envelope.timestamp() : null, headers));
		target.written.increment();
		this.count++;
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

	private Open route(Object result) {
		for (Open candidate : this.open) {
			if (candidate.output.type() == result.getClass()) {
				return candidate;
			}
		}
		for (Open candidate : this.open) {
			if (candidate.output.type().isInstance(result)) {
				return candidate;
			}
		}
		throw new IllegalStateException("the function returned a " + result.getClass().getName()
				+ ", but the mill has no output stream of this type; it has "
				+ this.open.stream().map((output) -> output.output.stream()).toList());
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
		this.open.forEach((output) -> output.writer.committed(completed));
	}

	@Override
	public void close() {
		this.open.forEach((output) -> output.writer.close());
	}

	private record Open(Output output, StreamWriter<Object> writer, Counter written) {

	}

}
