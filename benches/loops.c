/* One pass over the attributes of a dump, as C programs write it: the measure
 * for the parser. Each does the same work as the function of its name in loops.rs. */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>

static uint64_t u32_of(const struct rtattr *a)
{
	uint32_t n;

	if (RTA_PAYLOAD(a) != sizeof(n))
		return 0;
	memcpy(&n, RTA_DATA(a), sizeof(n));
	return n;
}

/* The last four bytes of an IP address. */
static uint64_t ip_of(const struct rtattr *a)
{
	size_t len = RTA_PAYLOAD(a);
	uint32_t n;

	if (len != 4 && len != 16)
		return 0;
	memcpy(&n, (const char *)RTA_DATA(a) + len - 4, sizeof(n));
	return ntohl(n);
}

uint64_t c_routes(const char *dump, size_t size)
{
	unsigned int len = size;
	uint64_t sum = 0;

	for (const struct nlmsghdr *h = (const void *)dump; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
		const struct rtmsg *r = NLMSG_DATA(h);
		int left = RTM_PAYLOAD(h);

		if (h->nlmsg_type != RTM_NEWROUTE)
			continue;
		sum += r->rtm_dst_len;
		for (const struct rtattr *a = RTM_RTA(r); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
			switch (a->rta_type & NLA_TYPE_MASK) {
			case RTA_DST:
				/* Under AF_MPLS it is a label. */
				if (r->rtm_family != AF_MPLS)
					sum += ip_of(a);
				break;
			case RTA_GATEWAY:
			case RTA_PREFSRC:
				sum += ip_of(a);
				break;
			case RTA_OIF:
			case RTA_PRIORITY:
			case RTA_TABLE:
				sum += u32_of(a);
				break;
			}
		}
	}
	return sum;
}

uint64_t c_links(const char *dump, size_t size)
{
	unsigned int len = size;
	uint64_t sum = 0;

	for (const struct nlmsghdr *h = (const void *)dump; NLMSG_OK(h, len); h = NLMSG_NEXT(h, len)) {
		const struct ifinfomsg *i = NLMSG_DATA(h);
		int left = IFLA_PAYLOAD(h);

		if (h->nlmsg_type != RTM_NEWLINK)
			continue;
		sum += i->ifi_index;
		for (const struct rtattr *a = IFLA_RTA(i); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
			switch (a->rta_type & NLA_TYPE_MASK) {
			case IFLA_IFNAME:
			case IFLA_QDISC:
				sum += strnlen(RTA_DATA(a), RTA_PAYLOAD(a));
				break;
			case IFLA_ADDRESS:
			case IFLA_BROADCAST:
				sum += RTA_PAYLOAD(a);
				break;
			case IFLA_MTU:
			case IFLA_GROUP:
			case IFLA_TXQLEN:
			case IFLA_PROMISCUITY:
			case IFLA_NUM_TX_QUEUES:
			case IFLA_NUM_RX_QUEUES:
			case IFLA_CARRIER_CHANGES:
			case IFLA_MASTER:
				sum += u32_of(a);
				break;
			}
		}
	}
	return sum;
}
