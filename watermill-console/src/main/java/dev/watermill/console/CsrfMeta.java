package dev.watermill.console;

import org.springframework.web.util.HtmlUtils;

/**
 * What tells the page the CSRF token that Spring Security expects with each action, where
 * there is Spring Security: by default it keeps the token in the session, where no script
 * finds it.
 */
final class CsrfMeta {

	private CsrfMeta() {
	}

	/**
	 * Return elements for the head of the page, in the form that Spring Security's
	 * documentation gives them.
	 * @param header the name of the header that is to carry the token
	 * @param token the token
	 * @return the elements
	 */
	static String of(String header, String token) {
		return meta("_csrf", token) + meta("_csrf_header", header);
	}

	private static String meta(String name, String content) {
		return "<meta name=\"" + name + "\" content=\"" + HtmlUtils.htmlEscape(content) + "\">\n";
	}

}
