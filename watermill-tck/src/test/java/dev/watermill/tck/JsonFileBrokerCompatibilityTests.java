package dev.watermill.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import dev.watermill.broker.Broker;
import dev.watermill.broker.StreamDefinition;
import dev.watermill.broker.file.JsonFileBroker;
import dev.watermill.codec.StrictJson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the kit for {@link JsonFileBroker} and every kind of file.
 */
class JsonFileBrokerCompatibilityTests {

	@Nested
	class Arrays extends FileKit {

		Arrays() {
			super(".json");
		}

	}

	@Nested
	class CompressedArrays extends FileKit {

		CompressedArrays() {
			super(".json.gz");
		}

	}

	@Nested
	class Lines extends FileKit {

		Lines() {
			super(".jsonl");
		}

	}

	@Nested
	class CompressedLines extends FileKit {

		CompressedLines() {
			super(".jsonl.gz");
		}

	}

	@Nested
	class NewlineDelimited extends FileKit {

		NewlineDelimited() {
			super(".ndjson");
		}

	}

	/**
	 * The kit for files of one kind.
	 */
	abstract static class FileKit extends BrokerCompatibilityKit implements LockingCommits, KeepingOriginals {

		private static final JsonMapper JSON = StrictJson.of(new JsonMapper());

		private final String suffix;

		@TempDir
		private Path directory;

		FileKit(String suffix) {
			this.suffix = suffix;
		}

		@Override
		public Broker broker() {
			return JsonFileBroker.builder(JSON).build();
		}

		@Override
		public StreamDefinition<Item> definition(String stream) {
			return new StreamDefinition<>(stream, Item.class, Map.of("file", file(stream).toString()));
		}

		private Path file(String stream) {
			return this.directory.resolve(stream + this.suffix);
		}

		private boolean isArray() {
			return this.suffix.startsWith(".json") && !this.suffix.startsWith(".jsonl");
		}

		@Override
		public void given(String stream, List<@Nullable Item> items) {
			List<String> texts = new ArrayList<>();
			for (Item item : items) {
				texts.add((item != null) ? JSON.writeValueAsString(item) : "{\"number\":");
			}
			String content = isArray() ? "[\n" + String.join(",\n", texts) + "\n]" : String.join("\n", texts);
			try (OutputStream file = Files.newOutputStream(file(stream));
					OutputStream out = this.suffix.endsWith(".gz") ? new GZIPOutputStream(file) : file) {
				out.write(content.getBytes(StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public List<Item> results(String stream) {
			if (!isEnded(stream)) {
				return List.of();
			}
			try (InputStream file = Files.newInputStream(file(stream));
					InputStream in = this.suffix.endsWith(".gz") ? new GZIPInputStream(file) : file) {
				return JSON.readerFor(Item.class).<Item>readValues(in).readAll();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public boolean isEnded(String stream) {
			try {
				// A file of lines has no sign of its end but the checkpoint
				return isArray() ? Files.exists(file(stream))
						: Files.readString(Path.of(file(stream) + ".checkpoint")).contains("\"completed\" : true");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
