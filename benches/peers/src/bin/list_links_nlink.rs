//! Lists links: index, name and MTU.

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let connection = nlink::Connection::<nlink::Route>::new().unwrap();
    for link in connection.get_links().await.unwrap() {
        println!("{} {} {}", link.ifindex(), link.name_or("?"), link.mtu().unwrap_or(0));
    }
}
