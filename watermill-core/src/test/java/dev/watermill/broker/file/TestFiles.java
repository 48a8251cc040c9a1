package dev.watermill.broker.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import dev.watermill.broker.Batch;
import dev.watermill.broker.BrokerException;
import dev.watermill.broker.LaneId;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.StreamReader;
import dev.watermill.broker.StreamSource;
import dev.watermill.codec.InvalidElement;
import dev.watermill.codec.StrictJson;
import dev.watermill.stream.Position;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the tests do with files again and again.
 */
final class TestFiles {

	static final JsonMapper JSON = StrictJson.of(new JsonMapper());

	private TestFiles() {
	}

	static Path write(Path file, String content) {
		return write(file, content.getBytes(StandardCharsets.UTF_8));
	}

	static Path write(Path file, byte[] content) {
		try {
			return Files.write(file, content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static byte[] gzip(String content) {
		return gzip(content.getBytes(StandardCharsets.UTF_8));
	}

	static byte[] gzip(byte[] content) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
			out.write(content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	static <T> StreamDefinition<T> definition(Path file, Class<T> type) {
		return new StreamDefinition<>("test", type, Map.of("file", file.toString()));
	}

	static <T> StreamSource<T> source(Path file, Class<T> type, int chunkSize) {
		return JsonFileBroker.builder(JSON).chunkSize(chunkSize).build().source(definition(file, type));
	}

	static <T> Content read(Path file, Class<T> type) {
		return read(source(file, type, 128 * 1024), null);
	}

	/**
	 * Read a file from a position to its end.
	 */
	static <T> Content read(StreamSource<T> source, @Nullable Position from) {
		Attempt attempt = tryToRead(source, from);
		if (attempt.failure() != null) {
			throw attempt.failure();
		}
		return attempt.content();
	}

	/**
	 * Read a file from a position as far as that can be done.
	 */
	static <T> Attempt tryToRead(StreamSource<T> source, @Nullable Position from) {
		Content content = new Content(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
		@Nullable Position start = Position.empty().equals(from) ? null : from;
		Position behind = (start != null) ? start : Position.empty();
		try (StreamReader<T> reader = source.open(new LaneId("test", 0), start)) {
			Batch<T> batch;
			do {
				batch = reader.read(Duration.ZERO);
				for (int i = 0; i < batch.size(); i++) {
					content.elements().add(batch.element(i));
					content.positions().add(batch.position(i));
					content.origins().add(batch.origin(i));
				}
				behind = batch.position(batch.size());
			}
			while (batch.status() != Batch.Status.ENDED);
			content.positions().add(behind);
			return new Attempt(content, null);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		catch (BrokerException ex) {
			content.positions().add(behind);
			return new Attempt(content, ex);
		}
	}

	/**
	 * What was read before it failed, if it did.
	 */
	record Attempt(Content content, @Nullable BrokerException failure) {

	}

	/**
	 * All of a file.
	 */
	record Content(List<Object> elements, List<Position> positions, List<String> origins) {

		List<Object> valid() {
			return this.elements.stream().filter((element) -> !(element instanceof InvalidElement)).toList();
		}

		List<InvalidElement> invalid() {
			return this.elements.stream()
				.filter(InvalidElement.class::isInstance)
				.map(InvalidElement.class::cast)
				.toList();
		}

		/**
		 * The elements with the texts of the invalid ones, since those are never equal.
		 */
		List<Object> comparable() {
			return this.elements.stream().map(Content::comparable).toList();
		}

		private static Object comparable(Object element) {
			if (element instanceof InvalidElement invalid) {
				byte[] bytes = invalid.bytes();
				return "INVALID " + ((bytes != null) ? new String(bytes, StandardCharsets.UTF_8) : "");
			}
			return element;
		}

	}

}
