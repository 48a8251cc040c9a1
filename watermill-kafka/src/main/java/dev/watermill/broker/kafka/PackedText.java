package dev.watermill.broker.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterOutputStream;

import dev.watermill.broker.BrokerException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The text of a position, however long it is, in pieces that brokers take as the metadata
 * of an offset: 4,096 bytes, by their own default. Long keys, or many inputs besides
 * topics, take more.
 * <p>
 * What fits stays as it is. Else the head keeps short plain fields, by which others see
 * who committed, and everything is compressed: into the head if that is enough, or else
 * into pieces behind it. A checksum tells whether these belong to this head.
 *
 * @param head the first piece
 * @param pieces the others, in order
 */
record PackedText(String head, List<String> pieces) {

	/** What brokers take by default. */
	static final int LONGEST = 4096;

	/** What the plain fields of a head may take. */
	private static final int RESERVED = 512;

	/** A field that takes more is not kept plain. */
	private static final int LONGEST_PLAIN = RESERVED / 4;

	private static final String INLINE = "z";

	private static final String COUNT = "n";

	private static final String SLOT = "x";

	private static final String CHECKSUM = "h";

	private static final JsonMapper JSON = new JsonMapper();

	/**
	 * Pack a text.
	 * @param text a JSON object
	 * @param slot which of the places for pieces to use
	 */
	static PackedText pack(String text, int slot) {
		if (text.length() <= LONGEST / 3 || text.getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
			return new PackedText(text, List.of());
		}
		String packed = Base64.getUrlEncoder().withoutPadding().encodeToString(deflate(text));
		ObjectNode head = JSON.createObjectNode();
		JSON.readTree(text).properties().forEach((field) -> {
			if (field.getValue().isValueNode() && field.getValue().toString().length() <= LONGEST_PLAIN) {
				head.set(field.getKey(), field.getValue());
			}
		});
		if (packed.length() <= LONGEST - RESERVED) {
			return new PackedText(head.put(INLINE, packed).toString(), List.of());
		}
		List<String> pieces = new ArrayList<>();
		for (int i = 0; i < packed.length(); i += LONGEST) {
			pieces.add(packed.substring(i, Math.min(packed.length(), i + LONGEST)));
		}
		head.put(COUNT, pieces.size()).put(SLOT, slot).put(CHECKSUM, checksum(packed));
		return new PackedText(head.toString(), pieces);
	}

	/**
	 * See what a head needs to be read.
	 * @return where its pieces are, {@code null} if there are none
	 */
	static @Nullable Pieces pieces(String head) {
		JsonNode root = JSON.readTree(head);
		return root.has(COUNT) ? new Pieces(root.get(COUNT).asInt(), root.path(SLOT).asInt(0)) : null;
	}

	/**
	 * The text that was packed.
	 * @throws BrokerException if the pieces are not those of this head
	 */
	String unpack() {
		JsonNode root = JSON.readTree(this.head);
		if (root.has(INLINE)) {
			return inflate(root.get(INLINE).asString());
		}
		String packed = String.join("", this.pieces);
		if (root.path(CHECKSUM).asLong(-1) != checksum(packed)) {
			throw new BrokerException("the " + this.pieces.size() + " pieces of a long position are not what was "
					+ "committed last: somebody deleted or changed offsets of these consumer groups");
		}
		return inflate(packed);
	}

	static boolean isPacked(String head) {
		JsonNode root = JSON.readTree(head);
		return root.has(INLINE) || root.has(COUNT);
	}

	private static long checksum(String packed) {
		CRC32 checksum = new CRC32();
		checksum.update(packed.getBytes(StandardCharsets.US_ASCII));
		return checksum.getValue();
	}

	private static byte[] deflate(String text) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
			deflater.write(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	private static String inflate(String packed) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (InflaterOutputStream inflater = new InflaterOutputStream(bytes)) {
			inflater.write(Base64.getUrlDecoder().decode(packed));
		}
		catch (IOException ex) {
			throw new BrokerException("the position is cut: " + ex.getMessage(), ex);
		}
		return bytes.toString(StandardCharsets.UTF_8);
	}

	/**
	 * Where the pieces behind a head are.
	 *
	 * @param count how many there are
	 * @param slot in which place
	 */
	record Pieces(int count, int slot) {

	}

}
