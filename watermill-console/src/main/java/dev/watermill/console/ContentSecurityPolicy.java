package dev.watermill.console;

import java.net.IDN;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What browsers let the page do: nothing but what comes from where it comes from. There
 * is no inline script or style, no other site, and no other site's frame around buttons
 * that act. Only an endpoint that is elsewhere by settings may be called.
 */
final class ContentSecurityPolicy {

	/**
	 * The policy where nothing is elsewhere.
	 */
	static final String DEFAULT = policy("");

	private static final String PROPERTY = "watermill.console.endpoint";

	/** What of a URL decides where it leads to: a scheme, if any, and an authority. */
	private static final Pattern URL = Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?.*",
			Pattern.DOTALL);

	private static final Pattern AUTHORITY = Pattern.compile("([\\p{L}\\p{N}._-]+)(?::(\\d+))?");

	private static final Set<String> SCHEMES = Set.of("", "http://", "https://");

	private static final int MAX_PORT = 65535;

	private ContentSecurityPolicy() {
	}

	/**
	 * Return the policy of a page that calls an endpoint.
	 * @param endpoint the endpoint's URL, which may be relative
	 * @return the policy, which allows the origin of an absolute URL, and no other one
	 * @throws InvalidConfigurationPropertyValueException if no page can call it
	 */
	static String allowing(String endpoint) {
		Matcher url = URL.matcher(endpoint);
		if (!url.matches() || (url.group(1) == null && url.group(2) == null)) {
			return DEFAULT;
		}
		String scheme = (url.group(1) != null) ? url.group(1).toLowerCase(Locale.ROOT) + "://" : "";
		if (!SCHEMES.contains(scheme)) {
			throw refused(endpoint, "it is neither a path of the page's own server nor a URL that begins with http:// "
					+ "or https://");
		}
		String authority = (url.group(2) != null) ? url.group(2) : "";
		return policy("connect-src 'self' " + scheme + host(endpoint, authority) + "; ");
	}

	private static String policy(String more) {
		return "default-src 'self'; " + more
				+ "base-uri 'none'; form-action 'self'; frame-ancestors 'self'; object-src 'none'";
	}

	private static String host(String endpoint, String authority) {
		if (authority.startsWith("[")) {
			throw refused(endpoint, "the content security policies of browsers know no IPv6 addresses: use a name");
		}
		Matcher parts = AUTHORITY.matcher(authority);
		if (!parts.matches()) {
			throw refused(endpoint, "it needs a host, and nothing but a port beside it, as in "
					+ "https://ops.example.com:8443/actuator/watermill");
		}
		String port = parts.group(2);
		if (port != null && (port.length() > 5 || Integer.parseInt(port) > MAX_PORT)) {
			throw refused(endpoint, "there is no port " + port);
		}
		String host = ascii(endpoint, parts.group(1)).toLowerCase(Locale.ROOT);
		return (port != null) ? host + ":" + port : host;
	}

	private static String ascii(String endpoint, String host) {
		try {
			return IDN.toASCII(host);
		}
		catch (IllegalArgumentException ex) {
			throw refused(endpoint, "there is no host " + host + ": " + ex.getMessage());
		}
	}

	private static InvalidConfigurationPropertyValueException refused(String endpoint, String reason) {
		return new InvalidConfigurationPropertyValueException(PROPERTY, endpoint, reason);
	}

}
