package dev.watermill.broker.file;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.watermill.broker.Broker;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.DeadLetter;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamSink;
import dev.watermill.broker.StreamSource;
import dev.watermill.broker.lock.internal.OutputLocks;
import dev.watermill.codec.ElementDecoder;
import dev.watermill.codec.ElementEncoder;
import dev.watermill.codec.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps streams in files of JSON: {@code .json} holds an array, {@code .jsonl} and
 * {@code .ndjson} an element a line, and with {@code .gz} behind the name each is
 * compressed. The properties {@value #FORMAT_PROPERTY} and {@value #AT_PROPERTY} of an
 * input tell of other files. Files are read and written as streams, in constant memory.
 * Thread-safe.
 * <p>
 * The property {@value #FILE_PROPERTY} of a stream is the path of its file; of an input
 * also a pattern, as in {@code logs/app-*.jsonl}: all files with such a name are one
 * stream, in the order of their names. An output that is an array stands in a file beside
 * it, with {@code .part} behind its name, until the stream is over. An output of lines
 * grows in place; where a file of that name exists which no checkpoint names, it is
 * refused, unless the property {@value #OVERWRITE_PROPERTY} is {@code true}.
 *
 * @since 0.1.0
 */
public final class JsonFileBroker implements Broker {

	/**
	 * The property of a stream that gives its file. In the name of one that is written
	 * {@code {lane}} stands for the number of the lane, from 0.
	 */
	public static final String FILE_PROPERTY = "file";

	/**
	 * The property of an input that says how the elements stand in its file, where the
	 * name of the file does not tell: {@code lines}, {@code array} or
	 * {@code concatenated}, which is one value behind the other with any white space
	 * between them, or none; or {@code dead-letter}, lines of dead letters that are read
	 * as the elements that they were.
	 */
	public static final String FORMAT_PROPERTY = "format";

	/**
	 * The property of an input that says where in an object the array of elements is: the
	 * names of the fields that lead to it, with dots between them, or a JSON pointer.
	 * With the format {@code concatenated} there are several such objects.
	 */
	public static final String AT_PROPERTY = "at";

	/**
	 * The property of an input whose file may not be written: how its user named it.
	 */
	public static final String READ_ONLY_PROPERTY = "read-only";

	/**
	 * The property of an input whose file is a pattern for several, each of them in
	 * order, that lets these be read as one ordered stream, by the one key that is on it:
	 * {@code true} or {@code false} (the default), one after the other by their names.
	 */
	public static final String MERGE_PROPERTY = "merge";

	/**
	 * The property of an output that lets it replace a file which no checkpoint names.
	 */
	public static final String OVERWRITE_PROPERTY = "overwrite";

	private final Builder settings;

	private final JsonSyntax.Readers syntax;

	private JsonFileBroker(Builder settings) {
		this.settings = settings;
		this.syntax = JsonSyntax.Readers.of(settings.mapper);
	}

	/**
	 * Begin a broker.
	 * @param mapper reads and writes the elements as it is configured, see
	 * {@link StrictJson}
	 * @return a builder
	 */
	public static Builder builder(JsonMapper mapper) {
		return new Builder(mapper);
	}

	@Override
	public <T> StreamSource<T> source(StreamDefinition<T> definition) {
		BoundFile file = BoundFile.of(definition);
		boolean merge = Boolean.parseBoolean(definition.properties().get(MERGE_PROPERTY));
		if (FilePattern.is(file)) {
			FilesSource<T> files = new FilesSource<>(file, (each) -> source(each, definition));
			return merge ? files.inKeyOrder() : files;
		}
		if (merge) {
			throw new BrokerException("The stream '" + definition.name() + "' has the property '" + MERGE_PROPERTY
					+ "', but '" + file.path() + "' is one file. Bind it to a pattern for those that are to be merged, "
					+ "such as in/orders-*.jsonl, or remove the property.");
		}
		return source(file, definition);
	}

	private <T> StreamSource<T> source(BoundFile file, StreamDefinition<T> definition) {
		return new JsonFileSource<>(file, () -> format(file, definition), this.settings.chunkSize,
				this.settings.maxElementSize);
	}

	@Override
	public <T> StreamSink<T> sink(StreamDefinition<T> definition) {
		requireOutput(definition);
		return sink(BoundFile.of(definition), definition, this.settings.encoders.get(definition.name()));
	}

	/**
	 * Dead letters are lines of a {@code .jsonl} or {@code .ndjson} file. Streams of one
	 * mill may share it; of two mills each needs one of its own.
	 */
	@Override
	public StreamSink<DeadLetter> deadLetterSink(StreamDefinition<DeadLetter> definition) {
		requireOutput(definition);
		BoundFile file = BoundFile.of(definition);
		if (file.format().layout() != FileFormat.Layout.LINES) {
			throw new BrokerException("The dead letters of '" + definition.name() + "' can't be written to '"
					+ file.path() + "', which has to be whole before it can be read. Name a file of lines: one that "
					+ "ends with .jsonl or .ndjson.");
		}
		return sink(file, definition, new DeadLetterLine());
	}

	private <T> StreamSink<T> sink(BoundFile file, StreamDefinition<T> definition,
			@Nullable ElementEncoder<?> encoder) {
		if (!LaneFiles.is(file)) {
			return new JsonFileSink<>(file, this.settings.mapper, definition.type(), encoder, this.settings.fsync,
					null);
		}
		OutputLocks.Shared lock = OutputLocks.Shared.beside(LaneFiles.file(file, 0).path());
		return new LaneFiles<>(file, this.settings.fsync, (own) -> new JsonFileSink<>(own, this.settings.mapper,
				definition.type(), encoder, this.settings.fsync, lock));
	}

	private static void requireOutput(StreamDefinition<?> definition) {
		String readOnly = definition.properties().get(READ_ONLY_PROPERTY);
		if (readOnly != null) {
			throw new BrokerException("The stream '" + definition.name() + "' is written, but is bound to " + readOnly
					+ ", which can only be read. Bind it to the path of a file.");
		}
		String file = definition.properties().getOrDefault(FILE_PROPERTY, "");
		if (FilePattern.isPattern(file)) {
			throw new BrokerException("The stream '" + definition.name() + "' is written, but '" + file
					+ "' is a pattern for several files. Bind it to the path of one.");
		}
		for (String property : new String[] { FORMAT_PROPERTY, AT_PROPERTY }) {
			if (!definition.properties().getOrDefault(property, "").isBlank()) {
				throw new BrokerException("The stream '" + definition.name() + "' is written, but has the property '"
						+ property + "', which tells how a file is read. Remove it: how a file is written is told by "
						+ "its name, " + FileFormat.NAMES + ".");
			}
		}
	}

	private ElementFormat format(BoundFile file, StreamDefinition<?> definition) {
		ElementDecoder<?> decoder = this.settings.decoders.get(definition.name());
		ElementDecoding decoding = (decoder != null) ? new CustomDecoding(decoder)
				: new JacksonDecoding(file, this.settings.mapper, definition.type());
		JsonSyntax syntax = new JsonSyntax(this.syntax);
		int maxElementSize = this.settings.maxElementSize;
		return switch (file.format().layout()) {
			case ARRAY -> new ArrayFormat(file, decoding, syntax, maxElementSize);
			case LINES -> new LinesFormat(file, decoding, syntax, maxElementSize);
			case DEAD_LETTER -> new LinesFormat(file, new LetterDecoding(decoding), syntax, maxElementSize);
			case CONCATENATED ->
				file.format().path().isEmpty() ? new ConcatenatedFormat(file, decoding, syntax, maxElementSize)
						: new ArrayFormat(file, decoding, syntax, maxElementSize);
		};
	}

	/**
	 * Builds a {@link JsonFileBroker}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final JsonMapper mapper;

		private final Map<String, ElementDecoder<?>> decoders = new HashMap<>();

		private final Map<String, ElementEncoder<?>> encoders = new HashMap<>();

		private boolean fsync;

		private int maxElementSize = 16 * 1024 * 1024;

		private int chunkSize = 128 * 1024;

		private Builder(JsonMapper mapper) {
			this.mapper = Objects.requireNonNull(mapper, "mapper");
		}

		/**
		 * Set whether every commit waits until the disk has what was written. Without it
		 * a commit outlives a crash of the process, with it a loss of power too.
		 * @param fsync whether to wait for the disk, {@code false} by default
		 * @return this builder
		 */
		public Builder fsync(boolean fsync) {
			this.fsync = fsync;
			return this;
		}

		/**
		 * Set how long an element may be. A longer one is invalid.
		 * @param bytes the number of bytes, 16 MiB by default
		 * @return this builder
		 */
		public Builder maxElementSize(int bytes) {
			if (bytes < 1) {
				throw new IllegalArgumentException("The size must be at least 1, but is " + bytes);
			}
			this.maxElementSize = bytes;
			return this;
		}

		/**
		 * Read the elements of a stream with a decoder instead of the mapper.
		 * @param stream the name of the stream
		 * @param decoder what reads an element
		 * @return this builder
		 */
		public Builder decoder(String stream, ElementDecoder<?> decoder) {
			this.decoders.put(stream, decoder);
			return this;
		}

		/**
		 * Write the results of a stream with an encoder instead of the mapper.
		 * @param stream the name of the stream
		 * @param encoder what writes a result, as one JSON value; without line breaks
		 * where the file has a result a line
		 * @return this builder
		 */
		public Builder encoder(String stream, ElementEncoder<?> encoder) {
			this.encoders.put(stream, encoder);
			return this;
		}

		Builder chunkSize(int bytes) {
			this.chunkSize = bytes;
			return this;
		}

		/**
		 * Build the broker.
		 * @return the broker
		 */
		public JsonFileBroker build() {
			return new JsonFileBroker(copy());
		}

		private Builder copy() {
			Builder copy = new Builder(this.mapper).fsync(this.fsync)
				.maxElementSize(this.maxElementSize)
				.chunkSize(this.chunkSize);
			copy.decoders.putAll(this.decoders);
			copy.encoders.putAll(this.encoders);
			return copy;
		}

	}

}
