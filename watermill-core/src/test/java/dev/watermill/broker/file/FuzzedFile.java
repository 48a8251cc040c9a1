package dev.watermill.broker.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;

import dev.watermill.broker.StreamDefinition;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/**
 * A file of elements whose keys never decrease, as a random layout has it, and what a
 * random hand made of its bytes.
 */
final class FuzzedFile {

	private static final ObjectReader READER = TestFiles.JSON.readerFor(Element.class)
		.with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

	private final Random random;

	private final Layout layout;

	private final boolean gzip;

	private final RandomHand hand;

	private byte[] text;

	private byte[] bytes;

	FuzzedFile(Random random) {
		this.random = random;
		this.hand = new RandomHand(random, () -> write(random.nextInt(4)));
		this.layout = Layout.values()[random.nextInt(Layout.values().length)];
		this.gzip = random.nextInt(4) == 0;
		this.text = write(random.nextInt(8));
		for (int i = mutations(); i > 0; i--) {
			this.text = this.hand.mutate(this.text);
		}
		this.bytes = this.gzip ? TestFiles.gzip(this.text) : this.text;
		if (this.gzip && random.nextInt(3) == 0) {
			this.bytes = this.hand.mutate(this.bytes);
		}
		else if (random.nextInt(200) == 0) {
			this.bytes = TestFiles.gzip(this.bytes);
		}
	}

	private int mutations() {
		int kind = this.random.nextInt(10);
		return (kind < 2) ? 0 : (kind < 7) ? 1 : 1 + this.random.nextInt(5);
	}

	private byte[] write(int count) {
		List<String> elements = new ArrayList<>();
		long time = this.random.nextInt(3);
		for (int i = 0; i < count; i++) {
			String v = "x".repeat((this.random.nextInt(8) == 0) ? this.random.nextInt(60) : 1);
			elements.add((this.random.nextInt(6) == 0) ? "{ \"v\" : \"ä" + v + "\",\n \"time\" : " + time + "\n}"
					: "{\"time\":" + time + ",\"v\":\"" + v + "\"}");
			time += this.random.nextInt(3);
		}
		String[] breaks = { "\n", "\r\n", " ", "" };
		String space = breaks[this.random.nextInt(breaks.length)];
		String written = switch (this.layout) {
			case LINES -> String.join("\n", elements).replace("\n ", " ").replace("\n}", "}")
					+ (this.random.nextBoolean() ? "\n" : "");
			case ARRAY -> "[" + space + String.join("," + space, elements) + space + "]" + space;
			case CONCATENATED -> String.join(space, elements) + space;
			case WITHIN -> "{\"n\":{\"o\":[1]},\"at\":[" + String.join("," + space, elements) + "],\"m\":2}" + space;
		};
		return written.getBytes(StandardCharsets.UTF_8);
	}

	boolean isCompressed() {
		return this.gzip;
	}

	/**
	 * Write the file.
	 * @return what describes the stream
	 */
	StreamDefinition<Element> definition(Path directory, String stream) throws IOException {
		Path file = directory.resolve(stream + this.layout.suffix + (this.gzip ? ".gz" : ""));
		Files.write(file, this.bytes);
		Map<String, String> properties = switch (this.layout) {
			case LINES, ARRAY -> Map.of("file", file.toString());
			case CONCATENATED -> Map.of("file", file.toString(), "format", "concatenated");
			case WITHIN -> Map.of("file", file.toString(), "at", "at");
		};
		return new StreamDefinition<>(stream, Element.class, properties);
	}

	/**
	 * The elements that anybody sees who looks at the lines of the file: those that are
	 * all of their line. Others may be there as well.
	 * @param maxSize how many bytes an element may have
	 */
	List<Element> plainLines(int maxSize) {
		List<Element> elements = new ArrayList<>();
		if (this.layout != Layout.LINES) {
			return elements;
		}
		try {
			byte[] plain = this.bytes;
			if (this.gzip) {
				plain = new GZIPInputStream(new ByteArrayInputStream(this.bytes)).readAllBytes();
			}
			int from = 0;
			for (int i = 0; i <= plain.length; i++) {
				if (i == plain.length || plain[i] == '\n') {
					byte[] line = Arrays.copyOfRange(plain, from, i);
					if (line.length <= maxSize && isUtf8(line)) {
						add(line, elements);
					}
					from = i + 1;
				}
			}
		}
		catch (IOException ex) {
			// damaged: what is whole of it others look at
		}
		return elements;
	}

	private static boolean isUtf8(byte[] line) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	private static void add(byte[] line, List<Element> elements) {
		try {
			Element element = READER.readValue(line);
			if (element != null) {
				elements.add(element);
			}
		}
		catch (JacksonException ex) {
			// no element
		}
	}

	static Element read(byte[] element) {
		return READER.readValue(element);
	}

	@Override
	public String toString() {
		return this.layout + (this.gzip ? ".gz " : " ") + HexFormat.of().formatHex(this.bytes) + " "
				+ new String(this.text, StandardCharsets.ISO_8859_1);
	}

	/**
	 * An element.
	 */
	record Element(long time, String v) {

	}

	private enum Layout {

		LINES(".jsonl"), ARRAY(".json"), CONCATENATED(".txt"), WITHIN(".obj.json");

		private final String suffix;

		Layout(String suffix) {
			this.suffix = suffix;
		}

	}

}
