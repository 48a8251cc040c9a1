package dev.watermill.broker.kafka;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;

import dev.watermill.codec.ElementEncoder;
import dev.watermill.codec.internal.OneLineJson;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns results into the values of records. Used by one thread.
 */
abstract class RecordEncoding implements AutoCloseable {

	/**
	 * Return an encoding that writes JSON.
	 */
	static RecordEncoding json(JsonMapper mapper, Type type) {
		return new Json(OneLineJson.writer(mapper, type));
	}

	@SuppressWarnings("unchecked")
	static RecordEncoding by(ElementEncoder<?> encoder) {
		return new RecordEncoding() {

			@Override
			byte[] encode(String topic, Headers headers, Object result) throws Exception {
				return ((ElementEncoder<Object>) encoder).encode(result);
			}

		};
	}

	@SuppressWarnings("unchecked")
	static RecordEncoding by(Serializer<?> serializer) {
		return new RecordEncoding() {

			@Override
			byte @Nullable [] encode(String topic, Headers headers, Object result) {
				return ((Serializer<Object>) serializer).serialize(topic, headers, result);
			}

			@Override
			public void close() {
				serializer.close();
			}

		};
	}

	/**
	 * Turn a result into bytes.
	 */
	abstract byte @Nullable [] encode(String topic, Headers headers, Object result) throws Exception;

	/**
	 * Whether the end of the stream can be written as JSON, too.
	 */
	boolean isJson() {
		return false;
	}

	@Override
	public void close() {
	}

	/**
	 * Writes many results with one generator, since to set one up costs as much as to
	 * write a small result. But not all: a generator refers to what it writes, and with
	 * the collector that is the default to write a reference into an object that has been
	 * there for long costs a fence, for each field of each result.
	 */
	private static final class Json extends RecordEncoding {

		private static final int MOST_RESULTS = 500;

		private final ObjectWriter writer;

		private final ByteArrayOutputStream text = new ByteArrayOutputStream(512);

		private @Nullable JsonGenerator generator;

		/** How many results the generator has written, or begun to. */
		private int written;

		Json(ObjectWriter writer) {
			this.writer = writer.withRootValueSeparator("").without(SerializationFeature.FLUSH_AFTER_WRITE_VALUE);
		}

		@Override
		byte[] encode(String topic, Headers headers, Object result) {
			this.text.reset();
			JsonGenerator open = generator();
			try {
				this.writer.writeValue(open, result);
				open.flush();
			}
			catch (RuntimeException | Error ex) {
				// it stands within a result
				this.generator = null;
				throw ex;
			}
			return this.text.toByteArray();
		}

		private JsonGenerator generator() {
			JsonGenerator open = this.generator;
			if (open != null && this.written == MOST_RESULTS) {
				open.close();
				open = null;
			}
			if (open == null) {
				open = this.writer.createGenerator(this.text);
				this.generator = open;
				this.written = 0;
			}
			this.written++;
			return open;
		}

		@Override
		boolean isJson() {
			return true;
		}

		@Override
		public void close() {
			if (this.generator != null) {
				this.generator.close();
			}
		}

	}

}
